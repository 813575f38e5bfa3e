const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!plain(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function walk(before, after, path, changes) {
  if (!plain(before) || !plain(after)) {
    if (canonical(before) !== canonical(after)) changes.push({ op: "replace", path, value: after });
    return;
  }
  const pointer = (key) => `${path}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`;
  for (const key of Object.keys(before).sort()) {
    if (!Object.hasOwn(after, key)) changes.push({ op: "remove", path: pointer(key) });
  }
  for (const key of Object.keys(after).sort()) {
    if (Object.hasOwn(before, key)) walk(before[key], after[key], pointer(key), changes);
    else changes.push({ op: "add", path: pointer(key), value: after[key] });
  }
}

export function diff(before, after) {
  const changes = [];
  walk(before, after, "", changes);
  return changes;
}
