import { createRequire } from "node:module";

/** What became of a TypeScript source: JavaScript, or why it does not parse. */
export type StrippedTypes =
  | { readonly ok: true; readonly code: string }
  | {
      readonly ok: false;
      readonly message: string;
      /** 1-based. */
      readonly line?: number;
    };

/** The slice of `@swc/wasm-typescript` that is used here. */
interface Transformer {
  transformSync(
    source: string,
    options: { mode: "strip-only" | "transform"; filename: string },
  ): { code: string };
}

interface TransformerError {
  readonly code?: string;
  readonly message?: string;
  readonly startLine?: number;
}

const require = createRequire(import.meta.url);

/**
 * Turns TypeScript into JavaScript without checking any type. Types become blanks, so that line and column stay what
 * they were. Only what blanks cannot do (enums, namespaces, parameter properties, imports of types that are not
 * marked as such) is rewritten, and then columns and some lines move.
 *
 * @param path the file's name, for messages
 */
export function stripTypes(source: string, path: string): StrippedTypes {
  const transformer = require("@swc/wasm-typescript") as Transformer;
  const run = (mode: "strip-only" | "transform"): string =>
    transformer.transformSync(source, { mode, filename: path }).code;
  try {
    const blanked = run("strip-only");
    if (!NAMED_IMPORT.test(source)) return { ok: true, code: blanked };
    // An import of a type alone would fail at link time: "does not provide an export named".
    const rewritten = run("transform");
    return { ok: true, code: importedNames(blanked) === importedNames(rewritten) ? blanked : rewritten };
  } catch (error) {
    if ((error as TransformerError).code !== "UnsupportedSyntax") return failure(error);
  }
  try {
    return { ok: true, code: run("transform") };
  } catch (error) {
    return failure(error);
  }
}

const NAMED_IMPORT = /\bimport\b[^;'"]*['"]/;

function importedNames(code: string): string {
  return [...code.matchAll(/\bimport\b([^;'"()]*)\bfrom\b/g)]
    .map((match) => match[1]?.replace(/[\s,]+/g, " ").trim())
    .join();
}

function failure(error: unknown): StrippedTypes {
  const { message, startLine } = (error ?? {}) as TransformerError;
  return {
    ok: false,
    message: `SyntaxError: ${message ?? String(error)}`,
    ...(startLine === undefined ? {} : { line: startLine }),
  };
}
