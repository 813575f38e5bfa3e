export function pageLinks(current: number, total: number, around = 1): (number | "gap")[] {
  const result: (number | "gap")[] = [];
  let last = 0;
  for (let page = 1; page <= total; page++) {
    if (page === 1 || page === total || Math.abs(page - current) <= around) {
      if (page - last > 1) result.push("gap");
      result.push(page);
      last = page;
    }
  }
  return result;
}
