export function pageLinks(current: number, total: number, around = 1): (number | "gap")[] {
  if (total < 1) return [];
  const centre = Math.min(Math.max(current, 1), total);
  const pages = new Set<number>([1]);
  for (let page = Math.max(1, centre - around); page <= Math.min(total, centre + around); page++) pages.add(page);
  pages.add(total);

  const links: (number | "gap")[] = [];
  let previous = 0;
  for (const page of pages) {
    const missing = page - previous - 1;
    if (missing === 1) links.push(previous + 1);
    else if (missing > 1) links.push("gap");
    links.push(page);
    previous = page;
  }
  return links;
}
