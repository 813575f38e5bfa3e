const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const escapeKey = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");

function same(a, b) {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

export function diff(before, after, path = "") {
  if (!isObject(before) || !isObject(after)) {
    return same(before, after) ? [] : [{ op: "replace", path, value: after }];
  }
  const removed = Object.keys(before)
    .filter((key) => !Object.hasOwn(after, key))
    .sort()
    .map((key) => ({ op: "remove", path: `${path}/${escapeKey(key)}` }));
  const rest = Object.keys(after)
    .sort()
    .flatMap((key) => {
      const here = `${path}/${escapeKey(key)}`;
      return Object.hasOwn(before, key)
        ? diff(before[key], after[key], here)
        : [{ op: "add", path: here, value: after[key] }];
    });
  return [...removed, ...rest];
}
