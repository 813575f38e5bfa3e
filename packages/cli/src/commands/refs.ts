import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { CommandDefinition } from "../context.js";
import { cliError } from "../errors.js";
import { wholeNumber } from "../flags.js";
import { type Project, withIndex } from "../indexed.js";
import { printable } from "../output.js";

/** Definitions of a name that are looked at, when only the name is given. */
const MOST_DEFINITIONS = 10;

/** `src/a.ts:3` and `src/a.ts:3:7`, both numbers from 1 on as editors show them. */
const PLACE = /^(.+?):(\d+)(?::(\d+))?$/;

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** `agentos refs`: where a name is defined, and where it is used. */
export const refsCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("refs")
      .description("find where a name is defined and used in the project")
      .argument("<name>", "a name, or its place as file:line or file:line:column, counted from 1")
      .option("--limit <count>", "at most so many uses of each", wholeNumber, 100)
      .addHelpText("after", "\nExamples:\n  agentos refs parseDate\n  agentos refs src/date.ts:12:17"),

  async run(context, [given], options) {
    const limit = Number(options["limit"]);
    const { signal } = context;
    return withIndex(context, async (project) => {
      const found = [];
      for (const { path, line, column } of await placesOf(project, String(given), signal)) {
        const at = { line, column };
        const definitions = await project.definition(path, at, { signal });
        const references = await project.references(path, at, { limit, signal });
        found.push({ path, line, column: column + 1, definitions, references });
      }
      const shown = found.flatMap(({ definitions, references }) => [
        ...definitions.map((one) => `${shownPlace(one)}  ${one.kind} ${one.name}`),
        ...references.map((one) => `  ${shownPlace(one)}  ${one.role}`),
      ]);
      return {
        json: { found },
        text: shown.length > 0 ? shown.map(printable).join("\n") : "nothing found",
      };
    });
  },
};

function shownPlace({ path, line, column }: Place): string {
  return `${path}:${line}:${column + 1}`;
}

/** The places that were meant: the one that is given, the first name of its line, or the definitions of a name. */
async function placesOf(project: Project, given: string, signal: AbortSignal): Promise<readonly Place[]> {
  const [, path, line, column] = PLACE.exec(given) ?? [];
  if (path !== undefined) {
    const place = { path, line: Number(line), column: Number(column ?? 1) - 1 };
    if (place.line < 1 || place.column < 0) {
      throw cliError("CLI_USAGE", `${given} is no place: lines and columns are counted from 1.`);
    }
    return column === undefined ? firstName(project, place, signal) : [place];
  }
  const name = given.split(".").at(-1) ?? "";
  const symbols = await project.symbols(given, { limit: MOST_DEFINITIONS, signal });
  const places: Place[] = [];
  for (const symbol of symbols.filter((each) => each.name === name)) {
    // Its first line may be a decorator's.
    const lines = await linesOf(project, symbol.path, symbol.line, symbol.endLine);
    const word = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`);
    const at = lines.findIndex((text) => word.test(text));
    const column = lines[at]?.search(word);
    if (column !== undefined) places.push({ path: symbol.path, line: symbol.line + at, column });
  }
  return places;
}

/** The first place of a line at which something has a definition. */
async function firstName(project: Project, place: Place, signal: AbortSignal): Promise<readonly Place[]> {
  const { path, line } = place;
  // Says what is wrong with the path before it is read.
  await project.outline(path, { signal });
  const [text = ""] = await linesOf(project, path, line, line);
  for (const { index } of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const at = { line, column: index };
    if ((await project.definition(path, at, { signal })).length > 0) return [{ path, ...at }];
  }
  return [];
}

async function linesOf({ root }: Project, path: string, first: number, last: number): Promise<string[]> {
  const text = await readFile(isAbsolute(path) ? path : join(root, path), "utf8").catch(() => "");
  return text.split("\n").slice(first - 1, last);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
