export function mergeBusy(slots) {
  slots.sort((a, b) => a.start - b.start);
  const result = [];
  for (const slot of slots) {
    const last = result[result.length - 1];
    if (last && slot.start <= last.end) {
      last.end = slot.end;
    } else {
      result.push(slot);
    }
  }
  return result;
}
