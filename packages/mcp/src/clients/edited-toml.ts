import { isDeepStrictEqual } from "node:util";
import { parse, stringify, type TomlTable } from "smol-toml";
import { configInvalid } from "../errors.js";
import { lineEndOf, type TomlStatement, tomlStatements } from "./toml-statements.js";

/**
 * Sets keys of one table of a TOML text; all else stays as it is, to the byte. The text is edited as text, and what comes out is
 * compared with what went in: where anything else has become different, nothing is written. Throws `MCP_CONFIG_INVALID`.
 * @param keys which ones, given what the table holds
 */
export function editedToml(
  text: string | undefined,
  [group, name]: readonly [string, string],
  keys: (own: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
  file: string,
): string {
  const before = text ?? "";
  const known = parsed(before, file);
  const groups = known[group];
  if (groups !== undefined && !isTable(groups)) throw configInvalid(file, `has no table at ${group}`);
  const own = groups?.[name];
  if (own !== undefined && !isTable(own)) throw configInvalid(file, `has no table at ${group}.${name}`);
  if (own?.["url"] !== undefined)
    throw configInvalid(file, `connects to ${group}.${name} by its url; remove that entry first`);
  const changed = Object.entries(keys(own ?? {})).filter(([key, to]) => !isDeepStrictEqual(own?.[key], to));
  if (changed.length === 0) return before;
  const after = withKeys(before, [group, name], changed);
  const wanted = { ...known, [group]: { ...groups, [name]: { ...own, ...Object.fromEntries(changed) } } };
  if (isDeepStrictEqual(parsedOrNone(after), wanted)) return after;
  throw configInvalid(
    file,
    `holds ${group}.${name} in a form that cannot be edited by itself; remove it first`,
  );
}

/** Puts new values in place of those that are there, new keys behind those of their table, and a new table at the end. */
function withKeys(
  before: string,
  path: readonly string[],
  keys: readonly (readonly [string, unknown])[],
): string {
  const lineEnd = before.includes("\r\n") ? "\r\n" : "\n";
  const statements = tomlStatements(before);
  const find = (kind: TomlStatement["kind"], names: readonly string[]) =>
    statements.findIndex((statement) => statement.kind === kind && isDeepStrictEqual(statement.path, names));
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const added: string[] = [];
  for (const [key, value] of keys) {
    const place = statements[find("value", [...path, key])];
    if (place) edits.push({ start: place.start, end: place.end, text: valueText(value) });
    else added.push(`${key} = ${valueText(value)}`);
  }
  const header = find("table", path);
  if (added.length > 0 && header >= 0) {
    const end = lineEndOf(before, lastOf(statements, header));
    edits.push({ start: end, end, text: added.map((line) => lineEnd + line).join("") });
  }
  if (added.length > 0 && header < 0) {
    const table = [`[${path.join(".")}]`, ...added, ""].join(lineEnd);
    edits.push({
      start: before.length,
      end: before.length,
      text: blankLineBehind(before, lineEnd) + table,
    });
  }
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), before);
}

/** The last statement of the table whose header stands there. */
function lastOf(statements: readonly TomlStatement[], header: number): TomlStatement {
  const next = statements.findIndex(({ kind }, at) => at > header && kind !== "value");
  return statements[(next < 0 ? statements.length : next) - 1] as TomlStatement;
}

/** What is missing for an empty line at the end. */
function blankLineBehind(text: string, lineEnd: string): string {
  if (text.trim() === "" || /\n[ \t]*\r?\n$/.test(text)) return "";
  return text.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
}

function valueText(value: unknown): string {
  return stringify({ value }).trimEnd().replace("value = ", "");
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function parsed(text: string, file: string): TomlTable {
  try {
    return plain(parse(text, { integersAsBigInt: "asNeeded" })) as TomlTable;
  } catch (cause) {
    // A name of twenty thousand parts parses.
    if (cause instanceof RangeError) throw configInvalid(file, "is nested too deeply", cause);
    throw configInvalid(file, `does not parse (${(cause as Error).message.split("\n")[0]})`, cause);
  }
}

function parsedOrNone(text: string): unknown {
  try {
    return plain(parse(text, { integersAsBigInt: "asNeeded" }));
  } catch {
    return undefined;
  }
}

/** Values that can be compared: dates are objects of their own, and numbers may be too long for one. */
function plain(table: TomlTable): unknown {
  return JSON.parse(JSON.stringify(table, (_, value) => (typeof value === "bigint" ? `${value}n` : value)));
}
