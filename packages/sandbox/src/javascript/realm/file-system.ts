import type { RealmHost } from "./host.js";
import { encodeUtf8, TextBytes } from "./utf8.js";

/** Names of functions that programs import, so that the import itself links; each throws when it is called. */
const REFUSED = [
  "appendFileSync",
  "createReadStream",
  "createWriteStream",
  "mkdirSync",
  "mkdtempSync",
  "openSync",
  "promises",
  "readFile",
  "readdirSync",
  "rmSync",
  "statSync",
  "unlinkSync",
  "writeFile",
  "writeFileSync",
];

/**
 * All that is left of `node:fs`: reading standard input, by descriptor 0 or as `/dev/stdin`, which programs that read
 * input have no other way to do at once. Everything else throws.
 */
export function createFileSystem(host: RealmHost): Record<string, unknown> {
  const missing = (path: unknown): Error =>
    Object.assign(
      new Error(`ENOENT: no such file or directory, open '${String(path)}' (not available in this sandbox)`),
      {
        code: "ENOENT",
      },
    );
  const known: Record<string, unknown> = {
    existsSync: () => false,
    readFileSync: (path: unknown, options?: string | { readonly encoding?: string }) => {
      if (path !== 0 && path !== "/dev/stdin") throw missing(path);
      const encoding = typeof options === "string" ? options : options?.encoding;
      let text = "";
      for (let part = host.readInput(); part !== ""; part = host.readInput()) text += part;
      return encoding === undefined ? new TextBytes(encodeUtf8(text)) : text;
    },
  };
  for (const name of REFUSED) {
    known[name] = () => {
      throw new Error(`node:fs ${name} is not available in this sandbox`);
    };
  }
  return known;
}
