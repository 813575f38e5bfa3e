export function pageLinks(current: number, total: number, around = 1): (number | "gap")[] {
  const centre = Math.max(1, Math.min(current, total));
  const links: (number | "gap")[] = [];
  let previous = 0;
  let page = 1;
  while (page <= total) {
    if (page !== 1 && page !== total && Math.abs(page - centre) > around) continue;
    if (page - previous === 2) links.push(page - 1);
    if (page - previous > 2) links.push("gap");
    links.push(page);
    previous = page;
    page += 1;
  }
  return links;
}
