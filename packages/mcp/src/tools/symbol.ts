import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { Project, Waiting } from "../opened-project.js";
import { mustExist } from "../paths.js";
import { quoted, quotedLine } from "../quoting.js";
import { count, placeEntries, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

const link = v.object({ ...placeEntries, name: v.optional(v.string()) });

/** Shows a definition, with who calls it and whom it calls. */
export const symbolTool: Tool = tool({
  name: "symbol",
  title: "Show a symbol",
  description:
    "Show a function, class or other definition by name (or Owner.member): its code, who calls it and what it calls. Cheaper and surer than reading files.",
  input: v.strictObject({
    name: text("or file:line: what is defined or used there"),
    path: v.optional(text("file or folder")),
    limit: v.optional(count(10), 3),
  }),
  output: v.object({
    symbols: v.array(
      v.object({
        ...placeEntries,
        kind: v.string(),
        name: v.string(),
        code: v.string(),
        callers: v.array(link),
        callees: v.array(link),
      }),
    ),
  }),
  hints: { readOnly: true, idempotent: true },

  async run(opened, { name, path, limit }, waiting) {
    const { project } = await opened.project(waiting);
    const { signal } = waiting;
    const found = /:\d+$/.test(name)
      ? await symbolsAt(project, name, limit, signal)
      : await project.symbols(name, { limit, signal, ...(path !== undefined && { path }) });
    if (found.length === 0) mustExist(project, path);
    const symbols = [];
    for (const symbol of found) symbols.push(await described(project, symbol, waiting));
    const shown = symbols.map(({ path: file, line, kind, name: called, code, callers, callees }) =>
      [
        quotedLine(`${kind} ${called} (${file}:${line})`),
        quoted(code),
        ...callers.map((one) => quotedLine(`called by ${shownLink(one)}`)),
        ...callees.map((one) => quotedLine(`calls ${shownLink(one)}`)),
      ].join("\n"),
    );
    return {
      data: { symbols },
      text: shown.length > 0 ? shown.join("\n\n") : "No such symbol. Try search_code.",
    };
  },
});

/** The symbols that are defined in a line, or else those that it uses, or else the one around it. */
async function symbolsAt(
  project: Project,
  place: string,
  limit: number,
  signal: AbortSignal,
): Promise<Symbols> {
  const [, path = "", line = ""] = /^(.+):(\d+)$/.exec(place) ?? [];
  const number = Number(line);
  const outline = await project.outline(path, { signal });
  const own = outline.filter((symbol) => symbol.line === number);
  const used = own.length > 0 ? [] : await project.graph.usedIn(path, number, { limit, signal });
  const around = outline.filter((symbol) => symbol.line <= number && number <= symbol.endLine).slice(-1);
  return [own, used, around].find((each) => each.length > 0)?.slice(0, limit) ?? [];
}

type Symbols = Awaited<ReturnType<Project["symbols"]>>;
type Links = Awaited<ReturnType<Project["graph"]["callers"]>>;

async function described(project: Project, symbol: Symbols[number], { signal }: Waiting) {
  const { path, line, endLine, kind, name, parent } = symbol;
  const content = await readFile(join(project.root, path), "utf8").catch(() => "");
  const code = content
    .split("\n")
    .slice(line - 1, endLine)
    .join("\n");
  const at = await project.graph.place(symbol, { signal });
  const links = { depth: 1, limit: MOST_LINKS, signal };
  const callers = at === undefined ? [] : await project.graph.callers(path, at, links);
  const callees = at === undefined ? [] : await project.graph.callees(path, at, links);
  return {
    path,
    line,
    kind,
    name: parent === undefined ? name : `${parent}.${name}`,
    code,
    callers: callers.map(usedAt),
    callees: callees.map(definedAt),
  };
}

/** More callers than a model reads say that there are many. */
const MOST_LINKS = 30;

/** Where a caller calls. */
function usedAt({ path, symbol, uses }: Links[number]) {
  return { path, line: uses[0]?.line ?? 1, ...(symbol && { name: symbol.name }) };
}

/** Where what is called is defined. */
function definedAt({ path, symbol }: Links[number]) {
  return { path, line: symbol?.line ?? 1, ...(symbol && { name: symbol.name }) };
}

function shownLink({
  path,
  line,
  name,
}: {
  readonly path: string;
  readonly line: number;
  readonly name?: string;
}) {
  return `${path}:${line}${name === undefined ? "" : ` ${name}`}`;
}
