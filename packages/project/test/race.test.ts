import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../src/project-index.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { temporaryFolder } from "./temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

const FILES = 4;
const READERS = 4;
const WRITES = 400;

/** The line of the definition in a version, different from those of its neighbours. */
const lineOf = (version: number): number => (version % 17) + 1;

/** A file that says its version, and where its definition stands tells it, too. */
function text(version: number): string {
  return `${"\n".repeat(lineOf(version) - 1)}export function marker(v = ${version}) {\n  return v;\n}\nmarker();\n`;
}

/** A file that is written version by version; another version is never seen in part. */
class Versions {
  readonly path: string;
  readonly #root: string;
  written = 0;
  begun = 0;

  constructor(root: string, path: string) {
    this.#root = root;
    this.path = path;
  }

  async next(): Promise<void> {
    this.begun += 1;
    const full = join(this.#root, this.path);
    await writeFile(`${full}.new`, text(this.begun));
    await rename(`${full}.new`, full);
    this.written = this.begun;
  }
}

for (const watched of [false, true]) {
  test(`answers are of a content that a file had during the call, ${watched ? "while watched" : "without a watch"}`, async () => {
    const root = await temporaryFolder({
      "use.ts": 'import { marker } from "./f0.js";\nmarker();\n',
      ".gitignore": "*.new\n",
    });
    const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
    onTestFinished(() => store.close());
    const files = Array.from({ length: FILES }, (_, number) => new Versions(root, `f${number}.ts`));
    for (const file of files) await file.next();
    const index = await ProjectIndex.open({ root, store, parser });
    onTestFinished(() => index.close());
    await index.index();
    const watch = watched ? index.watch({ debounceMs: 1 }) : undefined;
    await watch?.ready;

    const wrong: string[] = [];
    let answered = 0;
    let isWriting = true;
    const first = files[0] as Versions;
    /** Whether one of the versions that a file had since then fits. */
    const anyOf = (file: Versions, from: number, fits: (version: number) => boolean): boolean => {
      for (let version = from; version <= file.begun; version += 1) if (fits(version)) return true;
      return false;
    };
    const check = (what: string, isRight: boolean): void => {
      answered += 1;
      if (!isRight) wrong.push(what);
    };
    const asks: (() => Promise<void>)[] = [
      async () => {
        for (const file of files) {
          const from = file.written;
          const [symbol, ...more] = await index.outline(file.path);
          check(
            "outline",
            more.length === 0 &&
              anyOf(
                file,
                from,
                (version) =>
                  symbol?.line === lineOf(version) && symbol.signature.includes(`(v = ${version})`),
              ),
          );
        }
      },
      async () => {
        const from = files.map(({ written }) => written);
        const symbols = await index.symbols("marker");
        check("symbols count", symbols.length === FILES);
        for (const { path, line, signature } of symbols) {
          const at = files.findIndex((file) => file.path === path);
          const file = files[at] as Versions;
          check(
            "symbols",
            anyOf(
              file,
              from[at] ?? 0,
              (version) => line === lineOf(version) && signature.includes(`(v = ${version})`),
            ),
          );
        }
      },
      async () => {
        const from = files.map(({ written }) => written);
        const found = await index.searchText("function marker");
        check("search count", found.length === FILES);
        for (const { path, line, text: shown } of found) {
          const at = files.findIndex((file) => file.path === path);
          const file = files[at] as Versions;
          check(
            "search",
            anyOf(
              file,
              from[at] ?? 0,
              (version) => line === lineOf(version) && shown.includes(`(v = ${version})`),
            ),
          );
        }
      },
      async () => {
        const from = first.written;
        const definitions = await index.definition("use.ts", { line: 2, column: 0 });
        const last = definitions.at(-1);
        check(
          "definition",
          last?.path === first.path && anyOf(first, from, (version) => last.line === lineOf(version)),
        );
      },
    ];
    const read = async (number: number): Promise<void> => {
      for (let turn = number; isWriting; turn += 1) {
        await asks[turn % asks.length]?.();
        await nextTurn();
      }
    };
    const writeAll = async (): Promise<void> => {
      for (let turn = 0; turn < WRITES; turn += 1) {
        await files[turn % FILES]?.next();
        if (turn % 3 === 0) await nextTurn();
      }
      isWriting = false;
    };
    await Promise.all([writeAll(), ...Array.from({ length: READERS }, (_, number) => read(number))]);
    expect(answered).toBeGreaterThan(100);
    expect(wrong).toEqual([]);

    // And in the end all is as it is.
    await (watch === undefined ? index.index() : watch.settled());
    for (const { path, written } of files)
      expect((await index.outline(path)).map(({ line }) => line)).toEqual([lineOf(written)]);
  });
}
