import { isDeepStrictEqual } from "node:util";
import { parse, stringify, type TomlTable } from "smol-toml";
import { mcpError } from "../errors.js";
import type { ServerCommand } from "./client.js";

/**
 * Sets one table of a TOML text; comments, order and layout of the rest stay. The table is put in by its text, and what comes out is
 * compared with what went in: where anything else has become different, nothing is written. Throws `MCP_CONFIG_INVALID`.
 */
export function editedToml(
  text: string | undefined,
  [group, name]: readonly [string, string],
  server: ServerCommand,
  file: string,
): string {
  const before = text ?? "";
  const known = parsed(before, file);
  const groups = known[group] as TomlTable | undefined;
  const isTable = groups === undefined || (typeof groups === "object" && !Array.isArray(groups));
  if (!isTable) throw invalid(file, `has no table at ${group}`);
  const own = groups?.[name];
  const isOwn = own === undefined || (typeof own === "object" && !Array.isArray(own));
  if (!isOwn) throw invalid(file, `has no table at ${group}.${name}`);
  const wanted = {
    ...known,
    [group]: { ...groups, [name]: { ...(own as TomlTable | undefined), ...server } },
  };
  const isWanted = (text: string): boolean => {
    try {
      return isDeepStrictEqual(plain(parse(text)), plain(wanted as TomlTable));
    } catch {
      return false;
    }
  };
  if (isWanted(before)) return before;
  const after = withTable(before, [group, name], server);
  if (isWanted(after)) return after;
  throw invalid(file, `holds ${group}.${name} in a form that cannot be edited by itself; remove it first`);
}

/** Puts the two keys behind the header of their table, in place of those that stand there on one line each. */
function withTable(before: string, [group, name]: readonly [string, string], server: ServerCommand): string {
  const eol = before.includes("\r\n") ? "\r\n" : "\n";
  const keys = stringify({ command: server.command, args: [...server.args] })
    .trimEnd()
    .split("\n");
  const lines = before.split(eol);
  const start = lines.findIndex((line) => isHeader(line, group, name));
  if (start < 0) {
    const head = before.trim() === "" ? [] : [before.trimEnd(), ""];
    return [...head, `[${group}.${name}]`, ...keys, ""].join(eol);
  }
  const next = lines.findIndex((line, at) => at > start && /^\s*\[/.test(line));
  const end = next < 0 ? lines.length : next;
  const rest = lines.slice(start + 1, end).filter((line) => !/^\s*(?:command|args)\s*=/.test(line));
  return [...lines.slice(0, start + 1), ...keys, ...rest, ...lines.slice(end)].join(eol);
}

function isHeader(line: string, group: string, name: string): boolean {
  const [, inner = ""] = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/.exec(line) ?? [];
  return inner.replace(/["']/g, "").replace(/\s*\.\s*/g, ".") === `${group}.${name}`;
}

function parsed(text: string, file: string): TomlTable {
  try {
    return parse(text);
  } catch (cause) {
    throw invalid(file, `does not parse (${(cause as Error).message.split("\n")[0]})`, cause);
  }
}

/** Dates are objects of their own. */
function plain(table: TomlTable): unknown {
  return JSON.parse(JSON.stringify(table, (_, value) => (typeof value === "bigint" ? `${value}n` : value)));
}

function invalid(file: string, problem: string, cause?: unknown): Error {
  return mcpError(
    "MCP_CONFIG_INVALID",
    `${file} ${problem}. Nothing was written: mend it, or move it away.`,
    { cause },
  );
}
