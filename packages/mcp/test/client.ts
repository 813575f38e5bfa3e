import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../cli/dist/bin.js", import.meta.url));
const cleanups: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** A new folder with these files. It is removed after the tests. */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "agentos-mcp-"));
  cleanups.push(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** A small shop whose tax is wrong, which one of its two tests says. */
export const SHOP: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "shop", "type": "module" }\n',
  "src/price.js": [
    "export function total(items) {",
    "  return items.reduce((sum, item) => sum + item.price, 0);",
    "}",
    "export function withTax(items, rate) {",
    "  return total(items) * (1 - rate);",
    "}",
    "",
  ].join("\n"),
  "test/price.test.js": [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { total, withTax } from "../src/price.js";',
    'test("prices add up", () => assert.equal(total([{ price: 2 }, { price: 3 }]), 5));',
    'test("tax is added", () => assert.equal(withTax([{ price: 10 }], 0.5), 15));',
    "",
  ].join("\n"),
};

/** A file of tests with one that never ends. */
export const ENDLESS = 'import { test } from "node:test";\ntest("never ends", () => { for (;;); });\n';

/** The change that mends it. */
export const SHOP_PATCH: string = [
  "--- a/src/price.js",
  "+++ b/src/price.js",
  "@@ -4,3 +4,3 @@",
  " export function withTax(items, rate) {",
  "-  return total(items) * (1 - rate);",
  "+  return total(items) * (1 + rate);",
  " }",
  "",
].join("\n");

/** A client of its own server, started as the README says. */
export interface Connected {
  readonly client: Client;
  /** The server's process. */
  readonly pid: number;
  /** What the server wrote to its standard error. */
  readonly errors: () => string;
  close(): Promise<void>;
}

/** Starts `agentos mcp` for a project and connects to it. */
export async function connect(root: string): Promise<Connected> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, "mcp", "--project", root],
    env: { ...(process.env as Record<string, string>) },
    stderr: "pipe",
  });
  let written = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  const { pid } = transport;
  if (pid === null) throw new Error("the server has no process");
  const close = () => client.close();
  cleanups.push(close);
  return { client, pid, errors: () => written, close };
}

/** What a call gave: its data and its text. */
export interface Called {
  readonly data: Record<string, unknown>;
  readonly text: string;
  readonly isError: boolean;
}

/** Calls a tool. */
export async function call(
  client: Client,
  name: string,
  input: Record<string, unknown>,
  options: NonNullable<Parameters<Client["callTool"]>[1]> = {},
): Promise<Called> {
  const result = await client.callTool({ name, arguments: input }, options);
  const text = result.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return {
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
    text,
    isError: result.isError === true,
  };
}
