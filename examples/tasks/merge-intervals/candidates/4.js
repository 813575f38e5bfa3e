export function mergeBusy(busy) {
  busy.sort((a, b) => a.start - b.start);
  const output = [];
  for (const current of busy) {
    const previous = output[output.length - 1];
    if (previous && current.start <= previous.end) {
      previous.end = current.end;
    } else {
      output.push(current);
    }
  }
  return output;
}
