export function pageLinks(current: number, total: number, around = 1): (number | "gap")[] {
  const links: (number | "gap")[] = [];
  let previous = 0;
  for (let number = 1; number <= total; number++) {
    if (number === 1 || number === total || Math.abs(number - current) <= around) {
      if (number - previous > 1) links.push("gap");
      links.push(number);
      previous = number;
    }
  }
  return links;
}
