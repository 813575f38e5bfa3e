export function diff(before, after, path = "") {
  const out = [];
  for (const name in before) {
    if (!(name in after)) out.push({ op: "remove", path: `${path}/${name}` });
  }
  for (const name in after) {
    const at = `${path}/${name}`;
    if (!(name in before)) {
      out.push({ op: "add", path: at, value: after[name] });
    } else if (typeof before[name] === "object" && typeof after[name] === "object") {
      out.push(...diff(before[name], after[name], at));
    } else if (before[name] !== after[name]) {
      out.push({ op: "replace", path: at, value: after[name] });
    }
  }
  return out;
}
