/**
 * Whether a path names a file inside a workspace: relative, with `/`, no empty, `.` or `..` part, no backslash, colon
 * or control character, at most 512 characters.
 */
export function isSafePath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (path.length === 0 || path.length > 512 || /[\u0000-\u001f\u007f\\:]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
