import { Buffer } from "node:buffer";
import { stripTypes } from "./javascript/strip-types.js";
import { isTypeScript } from "./languages.js";

/** Files without types, or which one does not parse. */
export type TypesStripped =
  | { readonly ok: true; readonly files: ReadonlyMap<string, string | Uint8Array> }
  | { readonly ok: false; readonly path: string; readonly message: string };

/**
 * Takes the types out of every TypeScript file; paths stay. A file of `tolerated` that does not parse stays as it is: a
 * project may hold files that nothing runs.
 */
export function typesStripped(
  files: ReadonlyMap<string, string | Uint8Array>,
  tolerated: ReadonlySet<string> = new Set(),
): TypesStripped {
  const stripped = new Map<string, string | Uint8Array>();
  for (const [path, content] of files) {
    if (!isTypeScript(path)) {
      stripped.set(path, content);
      continue;
    }
    const result = stripTypes(
      typeof content === "string" ? content : Buffer.from(content).toString("utf8"),
      path,
    );
    if (!result.ok && !tolerated.has(path)) {
      const line = result.line === undefined ? "" : `:${result.line}`;
      return { ok: false, path, message: `${path}${line} does not parse: ${result.message}` };
    }
    stripped.set(path, result.ok ? result.code : content);
  }
  return { ok: true, files: stripped };
}
