const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export function diff(before, after, path = "") {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ op: "replace", path, value: after }];
  }
  const changes = [];
  for (const key of Object.keys(before).sort() {
    if (!(key in after)) changes.push({ op: "remove", path: `${path}/${key}` });
  }
  for (const key of Object.keys(after).sort()) {
    if (key in before) changes.push(...diff(before[key], after[key], `${path}/${key}`));
    else changes.push({ op: "add", path: `${path}/${key}`, value: after[key] });
  }
  return changes;
}
