export function diff(before, after, path = "") {
  const changes = [];
  for (const key in before) {
    if (!(key in after)) changes.push({ op: "remove", path: `${path}/${key}` });
  }
  for (const key in after) {
    const here = `${path}/${key}`;
    if (!(key in before)) {
      changes.push({ op: "add", path: here, value: after[key] });
    } else if (typeof before[key] === "object" && typeof after[key] === "object") {
      changes.push(...diff(before[key], after[key], here));
    } else if (before[key] !== after[key]) {
      changes.push({ op: "replace", path: here, value: after[key] });
    }
  }
  return changes;
}
