export function mergeBusy(slots) {
  const sorted = sortBy([...slots], (slot) => slot.start);
  const merged = [];
  for (const slot of sorted) {
    const last = merged.at(-1);
    if (last && slot.start <= last.end) {
      last.end = Math.max(last.end, slot.end);
    } else if (slot.end > slot.start) {
      merged.push({ ...slot });
    }
  }
  return merged;
}
