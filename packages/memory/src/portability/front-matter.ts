import { parseDocument } from "yaml";

/** What the head of a file says about all of it. */
export interface FrontMatter {
  /** Lines that it takes up, the two fences included; 0 when there is none. */
  readonly lines: number;
  /** The `title`, or the `name` of a skill or rule. */
  readonly title?: string;
  readonly description?: string;
  /** Its `tags` and `keywords`, and for which files it holds: `globs`, `paths`, `applyTo`. */
  readonly tags: readonly string[];
}

const NONE: FrontMatter = { lines: 0, tags: [] };
/** A longer head is no front matter but text between two rules. */
const MOST_LINES = 200;
const MOST_ALIASES = 20;
const TAG_KEYS = ["tags", "keywords", "globs", "paths", "applyTo"];
const MOST_TAGS = 32;
const TAG_CHARACTERS = 200;

/** Reads the YAML between two lines of `---` at the head of a text. */
export function readFrontMatter(lines: readonly string[]): FrontMatter {
  if (lines[0]?.trimEnd() !== "---") return NONE;
  const end = lines.slice(1, MOST_LINES).findIndex((line) => /^(---|\.\.\.)\s*$/.test(line));
  if (end < 0) return NONE;
  const body = lines.slice(1, end + 1);
  const fields = yamlFields(body.join("\n")) ?? plainFields(body);
  const title = textOf(fields["title"]) ?? textOf(fields["name"]);
  const description = textOf(fields["description"]);
  const tags = TAG_KEYS.flatMap((key) => textsOf(fields[key])).filter((tag) => tag.length <= TAG_CHARACTERS);
  return {
    lines: end + 2,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    tags: [...new Set(tags)].slice(0, MOST_TAGS),
  };
}

function yamlFields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    // In this schema every scalar is a text: `1.0` and `no` stay what was written.
    const document = parseDocument(text, { schema: "failsafe", logLevel: "silent", uniqueKeys: false });
    if (document.errors.length > 0) return undefined;
    const fields: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return typeof fields === "object" && fields !== null ? (fields as Record<string, unknown>) : undefined;
  } catch {
    // Too many aliases, or nested deeper than the stack.
    return undefined;
  }
}

/** What is often written and is no YAML: `globs: *.ts`, `description: Tests: how to run them`. */
function plainFields(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const colon = line.indexOf(":");
      return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : [];
    }),
  );
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === "string" ? value.replace(/\s+/g, " ").trim() : "";
  return text === "" ? undefined : text;
}

/** A list, or texts between commas. */
function textsOf(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value : typeof value === "string" ? value.split(",") : [];
  return items.flatMap((item) => textOf(item) ?? []);
}
