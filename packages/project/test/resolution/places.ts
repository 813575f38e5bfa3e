import { join } from "node:path";
import { Store } from "@agentos/store";
import { onTestFinished } from "vitest";
import type { Position } from "../../src/options.js";
import { ProjectIndex } from "../../src/project-index.js";
import { temporaryFolder } from "../temporary.js";

export type Files = Readonly<Record<string, string>>;

/** An index of these files, which ends with the test. */
export async function indexOf(files: Files): Promise<ProjectIndex> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  const index = await ProjectIndex.open({ root: await temporaryFolder(files), store });
  onTestFinished(async () => {
    await index.close();
    await store.close();
  });
  await index.index();
  return index;
}

/** The position of the `|` in a piece of a text, which is written without it. */
export function positionOf(text: string, piece: string): Position {
  const at = text.indexOf(piece.replace("|", ""));
  if (at < 0) throw new Error(`${piece} is not in the text`);
  const before = text.slice(0, at + piece.indexOf("|"));
  const line = before.split("\n").length;
  return { line, column: before.length - (before.lastIndexOf("\n") + 1) };
}

/** Where a name is defined, as `path:line`; the name is the one behind the `|` of a piece of the file. */
export async function definitions(files: Files, path: string, piece: string): Promise<readonly string[]> {
  const index = await indexOf(files);
  const found = await index.definition(path, positionOf(files[path] ?? "", piece));
  return found.map((one) => `${one.path}:${one.line}`);
}

/** Where a name is used, as `path:line:column role`. */
export async function uses(files: Files, path: string, piece: string): Promise<readonly string[]> {
  const index = await indexOf(files);
  const found = await index.references(path, positionOf(files[path] ?? "", piece));
  return found.map((one) => `${one.path}:${one.line}:${one.column} ${one.role}`);
}
