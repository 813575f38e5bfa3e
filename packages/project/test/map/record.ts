import type { FileRecord } from "../../src/files/file-record.js";
import type { OutlinedSymbol } from "../../src/source-parser.js";

/** A symbol of one line, or of those given. */
export function symbol(name: string, line: number, more: Partial<OutlinedSymbol> = {}): OutlinedSymbol {
  return { name, kind: "function", line, endLine: line, signature: `function ${name}() {`, ...more };
}

/** A parsed TypeScript file. */
export function record(path: string, more: Partial<FileRecord> = {}): FileRecord {
  const times = { size: 100, mtimeMs: 0, ctimeMs: 0, readAt: 0 };
  return { path, ...times, hash: path, dialect: "typescript", symbols: [], imports: [], uses: {}, ...more };
}
