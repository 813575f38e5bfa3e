export function mergeBusy(slots) {
  const sorted = [];
  for (const { start, end } of slots) {
    if (end < start) throw new RangeError(`The current ${start}-${end} is reversed`);
    if (end > start) sorted.push({ start, end });
  }
  sorted.sort((a, b) => a.start - b.start);
  const busy = [];
  for (const current of sorted) {
    const previous = busy.at(-1);
    if (previous && current.start <= previous.end) previous.end = Math.max(previous.end, current.end);
    else busy.push(current);
  }
  return busy;
}
