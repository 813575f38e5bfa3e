const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function stable(value) {
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  if (!isPlain(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stable(value[key])}`).join(",")}}`;
}

function compare(before, after, path, list) {
  if (!isPlain(before) || !isPlain(after)) {
    if (stable(before) !== stable(after)) list.push({ op: "replace", path, value: after });
    return;
  }
  const pathOf = (key) => `${path}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`;
  for (const key of Object.keys(before).sort()) {
    if (!Object.hasOwn(after, key)) list.push({ op: "remove", path: pathOf(key) });
  }
  for (const key of Object.keys(after).sort()) {
    if (Object.hasOwn(before, key)) compare(before[key], after[key], pathOf(key), list);
    else list.push({ op: "add", path: pathOf(key), value: after[key] });
  }
}

export function diff(before, after) {
  const list = [];
  compare(before, after, "", list);
  return list;
}
