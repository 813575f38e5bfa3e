import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { findNodeAtLocation, type Node, parse, parseTree } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { editedJson } from "../src/clients/edited-json.js";

const ENTRY = { type: "stdio", command: "agentos", args: ["mcp", "--project", "x"] };
const edited = (text: string | undefined) => editedJson(text, ["mcpServers", "agentos"], ENTRY, "f");
const INVALID = { code: "MCP_CONFIG_INVALID" };

describe("what is put in is laid out as the rest", () => {
  test.each([
    [
      "a new file",
      undefined,
      '{\n  "mcpServers": {\n    "agentos": {\n      "type": "stdio",\n      "command": "agentos",\n      "args": ["mcp", "--project", "x"]\n    }\n  }\n}\n',
    ],
    [
      "no spaces",
      '{"a":{"b":1}}',
      '{"a":{"b":1},"mcpServers":{"agentos":{"type":"stdio","command":"agentos","args":["mcp","--project","x"]}}}',
    ],
    [
      "one line",
      '{ "mcpServers": { "o": { "command": "o" } }, "z": [1,2] }\n',
      '{ "mcpServers": { "o": { "command": "o" }, "agentos": { "type": "stdio", "command": "agentos", "args": ["mcp", "--project", "x"] } }, "z": [1,2] }\n',
    ],
    [
      "one line and nothing in it",
      '{ "mcpServers": {}, "z": 1 }',
      '{ "mcpServers": { "agentos": { "type": "stdio", "command": "agentos", "args": ["mcp", "--project", "x"] } }, "z": 1 }',
    ],
    [
      "a neighbour on one line, with a comment on it",
      '{\n\t"mcpServers": {\n\t\t"o": {"command":"o"} // mine\n\t}\n}',
      '{\n\t"mcpServers": {\n\t\t"o": {"command":"o"}, // mine\n\t\t"agentos": {\n\t\t\t"type": "stdio",\n\t\t\t"command": "agentos",\n\t\t\t"args": ["mcp", "--project", "x"]\n\t\t}\n\t}\n}',
    ],
    [
      "a trailing comma",
      '{\n    "mcpServers": {\n        "o": {}, /* mine */\n    },\n}',
      '{\n    "mcpServers": {\n        "o": {}, /* mine */\n        "agentos": {\n            "type": "stdio",\n            "command": "agentos",\n            "args": ["mcp", "--project", "x"]\n        },\n    },\n}',
    ],
    [
      "an entry that lacks a key",
      '{ "mcpServers": { "agentos": { "args":["old"] /* a */, "command" : "agentos" /* c */ } } }',
      '{ "mcpServers": { "agentos": { "args":["mcp", "--project", "x"] /* a */, "command" : "agentos", /* c */ "type": "stdio" } } }',
    ],
  ])("%s", (_, before, after) => {
    expect(edited(before)).toBe(after);
    expect(edited(after)).toBe(after);
  });
});

describe("a key that is there twice is named", () => {
  test.each([
    ["mcpServers", '{ "mcpServers": { "agentos": {} },\n "mcpServers": {} }'],
    ["agentos", '{ "mcpServers": { "agentos": {},\n "\\u0061gentos": { "command": "old" } } }'],
    ["command", '{ "mcpServers": { "agentos": { "command": "agentos",\n "command": "old" } } }'],
  ])("%s", (key, text) => {
    expect(() => edited(text)).toThrow(expect.objectContaining(INVALID));
    expect(() => edited(text)).toThrow(`the key "${key}" more than once (in lines 1 and 2)`);
  });

  test("elsewhere it is none of ours", () => {
    const after = edited('{ "a": 1, "a": 2 }');
    expect(after).toMatch(/^\{ "a": 1, "a": 2, "mcpServers"/);
    expect(edited(after)).toBe(after);
  });
});

const levels = (open: string, inner: string, close: string) =>
  open.repeat(20_000) + inner + close.repeat(20_000);

test.each([
  ["arrays", levels("[", "", "]")],
  ["arrays that never end", levels("[", "", "")],
  ["objects", levels('{"a":', "1", "}")],
  ["an argument", `{ "mcpServers": { "agentos": { "args": ${levels("[", "", "]")} } } }`],
])("20,000 levels of %s are no fault of ours", (_, text) => {
  expect(() => edited(text)).toThrow(expect.objectContaining(INVALID));
});

/** A JSON object as text, in any layout: `blank` stands between all tokens. */
const anyObject = (blank: fc.Arbitrary<string>, trailing: fc.Arbitrary<string>): fc.Arbitrary<string> => {
  const { object } = fc.letrec<{ object: string; value: string; key: string }>((tie) => ({
    key: fc.constantFrom("mcpServers", "agentos", "command", "args", "type", "other", "a, }", "// b", "é"),
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc
        .oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(["mcp"]))
        .map((v) => JSON.stringify(v)),
      tie("object"),
      fc.array(tie("value"), { maxLength: 2 }).map((items) => `[${items.join(",")}]`),
    ),
    object: fc
      .record({
        properties: fc.uniqueArray(fc.tuple(tie("key"), tie("value"), blank, blank, blank, blank), {
          selector: ([key]) => key,
          maxLength: 3,
        }),
        empty: blank,
        comma: trailing,
      })
      .map(({ properties, empty, comma }) => {
        const texts = properties.map(
          ([key, value, a, b, c, d]) => `${a}${JSON.stringify(key)}${b}:${c}${value}${d}`,
        );
        return `{${texts.length === 0 ? empty : texts.join(",") + comma}}`;
      }),
  }));
  return fc.tuple(blank, object, blank).map((parts) => parts.join(""));
};

/** A text of ours lies within one place of the rest, but for a comma before it. */
function isInsertion(before: string, after: string): boolean {
  const start = samePrefix(before, after);
  const within = (text: string) => {
    const prefix = samePrefix(before, text);
    return text.length >= before.length && text.endsWith(before.slice(prefix));
  };
  return within(after) || (after[start] === "," && within(after.slice(0, start) + after.slice(start + 1)));
}

function samePrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

const TRAILING = fc.constantFrom("", "", ",", ", ", ",\n", ", // t\n", "/* u */ ,");
const SPACE = fc.constantFrom("", "", " ", "\n", "\r\n", "\n  ", "\t");
const COMMENT = fc.constantFrom(" // c, }\n", "/* { , */", " /* d\n , */ ", "//\r\n");

test.each([
  ["JSON", SPACE, fc.constant(""), 2_000],
  ["JSON with comments and trailing commas", fc.oneof(SPACE, COMMENT), TRAILING, 3_000],
] as const)("all bytes but ours stay in %s of any layout", (name, blank, trailing, numRuns) => {
  let done = 0;
  fc.assert(
    fc.property(anyObject(blank, trailing), (before) => {
      const at = (path: string[]) => findNodeAtLocation(parseTree(before) as Node, path);
      const old = parse(before) as Record<string, Record<string, Record<string, unknown>> | undefined>;
      let after: string;
      try {
        after = edited(before);
      } catch (error) {
        expect(isAgentOSError(error, "MCP_CONFIG_INVALID")).toBe(true);
        const types = [["mcpServers"], ["mcpServers", "agentos"]].map((path) => at(path)?.type ?? "object");
        expect(types).not.toEqual(["object", "object"]);
        return;
      }
      const own = old["mcpServers"]?.["agentos"];
      const wanted = { ...old, mcpServers: { ...old["mcpServers"], agentos: { ...own, ...ENTRY } } };
      const read =
        name === "JSON" ? (JSON.parse(after) as unknown) : parse(after, [], { disallowComments: false });
      expect(read).toEqual(wanted);
      expect(edited(after)).toBe(after);
      if (own === undefined) expect(isInsertion(before, after), after).toBe(true);
      else {
        const { offset, length } = at(["mcpServers", "agentos"]) as Node;
        expect(after.startsWith(before.slice(0, offset))).toBe(true);
        expect(after.endsWith(before.slice(offset + length))).toBe(true);
      }
      done += 1;
    }),
    { numRuns },
  );
  expect(done).toBeGreaterThan(numRuns / 3);
});
