export function pageLinks(current: number, total: number, around = 1): (number | "gap")[] {
  if (total < 1) return [];
  const middle = Math.min(Math.max(current, 1), total);
  const result: (number | "gap")[] = [];
  let last = 0;
  for (let number = 1; number <= total; number++) {
    const shown = number === 1 || number === total || Math.abs(number - middle) <= around;
    if (!shown) continue;
    const step = number - last;
    if (step > 3) result.push("gap");
    else if (step > 1) result.push(last + 1);
    result.push(number);
    last = number;
  }
  return result;
}
