import { readFileSync } from "node:fs";

/**
 * The realm's program as a script that leaves no global behind: its value is `createRealm`. As a script, unlike as a
 * module, it is compiled once for all contexts of an isolate.
 *
 * @param path the built file, which declares `realm`
 */
export function readRealmScript(path: string): string {
  return `(() => { ${readFileSync(path, "utf8")}\nreturn realm.createRealm; })()`;
}
