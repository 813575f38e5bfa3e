import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandDefinition } from "../context.js";
import { wholeNumber } from "../flags.js";
import { type Project, withIndex } from "../indexed.js";
import { printable } from "../output.js";
import { fromOne, mustExist, named, nothingAt } from "../places.js";

type Symbols = Awaited<ReturnType<Project["symbols"]>>;
type Kind = Symbols[number]["kind"];

interface Flags {
  readonly limit: number;
  readonly depth: number;
  readonly path?: string;
  readonly kind?: Kind;
}

/** `agentos symbol`: what a name is, its text, and whom it has to do with. */
export const symbolCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("symbol")
      .description("show a symbol: its text, who calls it and what it calls")
      .argument(
        "<name>",
        "a name, or Owner.member; where nothing is called so, the first letters of its words fit, too",
      )
      .option("--limit <count>", "at most so many symbols", wholeNumber, 3)
      .option("--path <path>", "only in this file, or below this folder")
      .option(
        "--kind <kind>",
        "only of this kind: function, method, class, interface, type, enum, variable, module",
      )
      .option("--depth <count>", "follow calls so many steps", wholeNumber, 1)
      .addHelpText("after", "\nExamples:\n  agentos symbol parseDate\n  agentos symbol Store.open --depth 2"),

  async run(context, [given], options) {
    const { limit, path, kind, depth } = options as unknown as Flags;
    const { signal } = context;
    return withIndex(context, async (project) => {
      const filter = { limit, signal, ...(path && { path }), ...(kind && { kind }) };
      const name = String(given);
      const alike = await project.symbols(name, filter);
      if (alike.length === 0 && path) await mustExist(project.root, path);
      const called = alike.filter((symbol) => symbol.name === name.split(".").at(-1));
      const symbols = called.length > 0 ? called : alike;
      const found = await Promise.all(symbols.map((symbol) => described(project, symbol, depth, signal)));
      const shown = found.map((one) =>
        [
          `${one.path}:${one.line}  ${one.kind} ${named(one)}`,
          ...one.text.split("\n").map((line) => `    ${line}`),
          ...one.callers.map((link) => `  called by ${placed(link)}`),
          ...one.callees.map((link) => `  calls ${placed(link)}`),
        ]
          .map(printable)
          .join("\n"),
      );
      return {
        json: {
          symbols: found.map((one) => ({
            ...one,
            callers: one.callers.map(countedFromOne),
            callees: one.callees.map(countedFromOne),
          })),
        },
        text: shown.length > 0 ? shown.join("\n\n") : nothingAt(name),
      };
    });
  },
};

async function described(project: Project, symbol: Symbols[number], depth: number, signal: AbortSignal) {
  const { path, line, endLine } = symbol;
  const content = await readFile(join(project.root, path), "utf8").catch(() => "");
  const text = content
    .split("\n")
    .slice(line - 1, endLine)
    .join("\n");
  const place = await project.graph.place(symbol, { signal });
  const callers = place === undefined ? [] : await project.graph.callers(path, place, { depth, signal });
  const callees = place === undefined ? [] : await project.graph.callees(path, place, { depth, signal });
  return { ...symbol, text, callers, callees };
}

type Link = Awaited<ReturnType<Project["graph"]["callers"]>>[number];

/** A link with its place, indented by its distance. */
function placed({ path, symbol, depth, uses }: Link): string {
  const line = symbol?.line ?? uses[0]?.line ?? 1;
  return `${"  ".repeat(depth - 1)}${path}:${line}${symbol === undefined ? "" : `  ${named(symbol)}`}`;
}

/** A link whose places are counted as the command counts. */
function countedFromOne(link: Link): Link {
  return { ...link, uses: link.uses.map(fromOne) };
}
