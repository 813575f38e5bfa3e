import { Buffer } from "node:buffer";

const MAX_PATH_BYTES = 1024;
const MAX_NAME_BYTES = 255;

/** What is wrong with a relative path of a run's file, or undefined when it is safe on every platform. */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  const bytes = Buffer.byteLength(path, "utf8");
  if (bytes > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  if (Buffer.from(path, "utf8").toString("utf8") !== path) return "is not valid Unicode";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path)) return "contains a control character";
  if (path.includes("\\")) return "contains a backslash; write /";
  if (path.startsWith("/")) return "is absolute; write it relative to the working folder";
  if (/^[A-Za-z]:/.test(path)) return "starts with a drive letter";
  for (const name of path.split("/")) {
    if (name === "") return "has an empty part";
    if (name === "." || name === "..") return `has the part "${name}"`;
    if (Buffer.byteLength(name, "utf8") > MAX_NAME_BYTES)
      return `has a part longer than ${MAX_NAME_BYTES} bytes`;
  }
  return undefined;
}

/**
 * Two paths that cannot both be files, or undefined: the same name on some file system (case, Unicode form), or a file
 * where the other needs a folder.
 */
export function collision(paths: Iterable<string>): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  const all = [...paths];
  for (const path of all) {
    const other = seen.get(fold(path));
    if (other !== undefined) return [other, path];
    seen.set(fold(path), path);
  }
  for (const path of all) {
    const parts = fold(path).split("/");
    for (let length = 1; length < parts.length; length++) {
      const file = seen.get(parts.slice(0, length).join("/"));
      if (file !== undefined) return [file, path];
    }
  }
  return undefined;
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
