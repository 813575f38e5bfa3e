export function pageLinks(current: number, total: number, around = 1): (number | "gap")[] {
  if (total < 1) return [];
  const centre = Math.min(Math.max(current, 1), total);
  const links: (number | "gap")[] = [];
  let previous = 0;
  for (let page = 1; page <= total; page++) {
    const shown = page === 1 || page === total || Math.abs(page - centre) <= around;
    if (!shown) continue;
    const distance = page - previous;
    if (distance > 3) links.push("gap");
    else if (distance > 1) links.push(previous + 1);
    links.push(page);
    previous = page;
  }
  return links;
}
