import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { CLIENTS } from "../src/clients/client.js";

const server = { command: "agentos", args: ["mcp"] };
const waits = { startup_timeout_sec: 60, tool_timeout_sec: 600 };
const edited = (text: string | undefined) => CLIENTS.codex.edited(text, server, "f");
const NEW =
  '[mcp_servers.agentos]\ncommand = "agentos"\nargs = [ "mcp" ]\nstartup_timeout_sec = 60\ntool_timeout_sec = 600\n';

describe("all but the values of its keys stays", () => {
  test.each([
    ["a new file", undefined, NEW],
    ["empty lines at the end", 'model = "x"\n\n\n', `model = "x"\n\n\n${NEW}`],
    ["no end of line at the end", 'model = "x" # y', `model = "x" # y\n\n${NEW}`],
    [
      "a comment behind each value",
      '[mcp_servers.agentos]\ncommand = "old"   # why\n  args=[ # first\n  "]", # [\n  \'a\' ]  # behind\ntool_timeout_sec = 5 # mine\nstartup_timeout_ms = 20\n\n\n# end\n[other]\nargs = 1\n\n',
      '[mcp_servers.agentos]\ncommand = "agentos"   # why\n  args=[ "mcp" ]  # behind\ntool_timeout_sec = 5 # mine\nstartup_timeout_ms = 20\n\n\n# end\n[other]\nargs = 1\n\n',
    ],
    [
      "a table that lacks keys, and lines that look like headers",
      "text = \"\"\"\n[mcp_servers.agentos]\ncommand = 1\n\"\"\"\n[ mcp_servers . \"agentos\" ] # [x]\n# mine\ncommand = '''\nold'''''\ntool_timeout_sec = 5\nstartup_timeout_sec = 5 # s\n\n[z]\n",
      'text = """\n[mcp_servers.agentos]\ncommand = 1\n"""\n[ mcp_servers . "agentos" ] # [x]\n# mine\ncommand = "agentos"\ntool_timeout_sec = 5\nstartup_timeout_sec = 5 # s\nargs = [ "mcp" ]\n\n[z]\n',
    ],
    [
      "keys with dots",
      `[mcp_servers]\nagentos.command = "old" # c\nagentos."args" = []\nagentos.tool_timeout_sec=1\nagentos.startup_timeout_sec=2`,
      `[mcp_servers]\nagentos.command = "agentos" # c\nagentos."args" = [ "mcp" ]\nagentos.tool_timeout_sec=1\nagentos.startup_timeout_sec=2`,
    ],
  ])("%s", (_, before, after) => {
    expect(edited(before)).toBe(after);
    expect(edited(after)).toBe(after);
  });
});

test("numbers of 64 bits are Codex's to read", () => {
  expect(edited("n = 9223372036854775807\n")).toBe(`n = 9223372036854775807\n\n${NEW}`);
});

test.each([
  ["arrays", `a = ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
  ["names", `${"a.".repeat(20_000)}a = 1`],
])("20,000 levels of %s are no fault of ours", (_, text) => {
  expect(() => edited(text)).toThrow(expect.objectContaining({ code: "MCP_CONFIG_INVALID" }));
});

/** A text, and what it is to become: the values of the server's own keys are made in both at once. */
interface Both {
  readonly before: string;
  readonly after: string;
}

const same = (text: string): Both => ({ before: text, after: text });
const joined = (parts: readonly Both[]): Both => ({
  before: parts.map(({ before }) => before).join(""),
  after: parts.map(({ after }) => after).join(""),
});

const value = fc.constantFrom(
  '"x"',
  "'#'",
  '"\\"]"',
  '"""\n[mcp_servers.agentos]\ncommand = "#""""',
  "'''\n'\n'''",
  "[1, [2,\n # ]\n 3]]",
  '[\n "a", # "\n]',
  '{ a = "}", b = [ "#" ] }',
  "1979-05-27T07:32:00Z",
  "inf",
  "9223372036854775807",
);
const comment = fc.constantFrom("", "", " # c", '\t# [x] = "', "  ");
const blank = fc.constantFrom("", "", "\n", "\n \n", "# command = 1\n", "  # x\n\n");
const space = fc.constantFrom("", " ", "\t ");
const key = fc.constantFrom("a", "b-1", '"c d"', "'e.f'", "g.h");

const line = (name: fc.Arbitrary<string>, values: fc.Arbitrary<Both>) =>
  fc
    .tuple(blank, space, name, space, space, values, comment)
    .map(([above, indent, name, left, right, value, behind]) =>
      joined([same(`${above}${indent}${name}${left}=${right}`), value, same(`${behind}\n`)]),
    );

const otherLines = fc
  .uniqueArray(key, { maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((name) => line(fc.constant(name), value.map(same)))))
  .map((lines) => joined(lines));

const ownLines = fc
  .tuple(
    line(
      fc.constantFrom("command", '"command"'),
      value.map((before) => ({ before, after: '"agentos"' })),
    ),
    line(
      fc.constantFrom("args", "'args'"),
      value.map((before) => ({ before, after: '[ "mcp" ]' })),
    ),
    line(fc.constant("tool_timeout_sec"), fc.constant(same("1"))),
    line(fc.constant("startup_timeout_sec"), fc.constant(same("2"))),
    otherLines,
  )
  .chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length }))
  .map((lines) => joined(lines));

const table = (name: fc.Arbitrary<string>, lines: fc.Arbitrary<Both>) =>
  fc
    .tuple(blank, space, name, comment, lines)
    .map(([above, indent, name, behind, inside]) =>
      joined([same(`${above}${indent}[${name}]${behind}\n`), inside]),
    );

test.each(["\n", "\r\n"])(
  "only the values of its keys change in TOML of any layout (line end %j)",
  (lineEnd) => {
    const others = ["profiles.x", "mcp_servers.other", "mcp_servers.agentos.env", "zz"].map((name) =>
      table(fc.constant(name), otherLines),
    );
    const own = table(
      fc.constantFrom("mcp_servers.agentos", ' mcp_servers."agentos" ', "'mcp_servers' . agentos"),
      ownLines,
    );
    const texts = fc
      .tuple(
        otherLines,
        fc.tuple(own, ...others).chain((tables) => fc.shuffledSubarray(tables, { minLength: 1 })),
        blank,
      )
      .map(([top, tables, end]) => joined([top, ...tables, same(end)]));
    fc.assert(
      fc.property(texts, (text) => {
        const before = text.before.replaceAll("\n", lineEnd);
        const after = edited(before);
        expect(edited(after)).toBe(after);
        const had = (parse(before, { integersAsBigInt: "asNeeded" })["mcp_servers"] ?? {}) as {
          agentos?: { args?: unknown };
        };
        if (had.agentos?.args !== undefined) expect(after).toBe(text.after.replaceAll("\n", lineEnd));
        else {
          expect(after.startsWith(before)).toBe(true);
          expect(after.endsWith(NEW.replaceAll("\n", lineEnd))).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  },
);

test("tables of TOML in any order keep their values (300 runs)", () => {
  const key = fc.stringMatching(/^[a-z]{1,6}$/);
  const value = fc.oneof(fc.string({ maxLength: 9 }), fc.integer(), fc.boolean());
  const table = fc.tuple(
    fc.constantFrom(
      "mcp_servers.other",
      "mcp_servers.agentos",
      "mcp_servers.agentos.env",
      "profiles.x",
      'a."b.c"',
    ),
    fc.dictionary(key, value, { maxKeys: 3 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(table, { selector: ([name]) => name, maxLength: 5 }), (tables) => {
      const text = tables
        .map(([name, entries]) =>
          [
            `[${name}] # of mine`,
            ...Object.entries(entries).map(([k, v]) => `${k} = ${JSON.stringify(v)}`),
          ].join("\n"),
        )
        .join("\n\n");
      let before: Record<string, unknown>;
      try {
        before = parse(text);
      } catch {
        return;
      }
      let after: string;
      try {
        after = edited(text);
      } catch (error) {
        expect(isAgentOSError(error, "MCP_CONFIG_INVALID")).toBe(true);
        return;
      }
      const known = before["mcp_servers"] as { readonly agentos?: object } | undefined;
      const servers = { ...known, agentos: { ...waits, ...known?.agentos, ...server } };
      expect(parse(after)).toEqual({ ...before, mcp_servers: servers });
    }),
    { numRuns: 300 },
  );
});
