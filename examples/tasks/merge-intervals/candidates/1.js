export function mergeBusy(slots) {
  const copies = [];
  for (const { start, end } of slots) {
    if (end < start) throw new RangeError(`A slot ends (${end}) before it starts (${start})`);
    if (end > start) copies.push({ start, end });
  }
  copies.sort((a, b) => a.start - b.start);
  const merged = [];
  for (const slot of copies) {
    const last = merged.at(-1);
    if (last && slot.start <= last.end) last.end = Math.max(last.end, slot.end);
    else merged.push(slot);
  }
  return merged;
}
