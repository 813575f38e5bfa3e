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
  const groups = known[group];
  const isTable = groups === undefined || (typeof groups === "object" && !Array.isArray(groups));
  if (!isTable) throw invalid(file, `has no table at ${group}`);
  const wanted = { ...known, [group]: { ...(groups as TomlTable | undefined), [name]: { ...server } } };
  const table = `[${group}.${name}]\n${stringify({ command: server.command, args: [...server.args] }).trimEnd()}\n`;
  const lines = before.split("\n");
  const start = lines.findIndex((line) => isHeader(line, group, name));
  const next = start < 0 ? -1 : lines.findIndex((line, at) => at > start && /^\s*\[/.test(line));
  const rest = next < 0 ? "" : lines.slice(next).join("\n");
  const after =
    start < 0
      ? `${before.trimEnd()}${before.trim() === "" ? "" : "\n\n"}${table}`
      : `${lines
          .slice(0, start)
          .map((line) => `${line}\n`)
          .join("")}${table}${rest === "" ? "" : `\n${rest}`}`;
  if (!isDeepStrictEqual(plain(parsed(after, file)), plain(wanted as TomlTable)))
    throw invalid(
      file,
      `holds ${group}.${name} in a form that cannot be edited by itself; remove that table first`,
    );
  return after;
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
