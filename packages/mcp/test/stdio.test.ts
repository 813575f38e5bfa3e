import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { projectWith, SHOP } from "./client.js";

const PROGRAM = fileURLToPath(new URL("../../cli/dist/bin.js", import.meta.url));
/** For what takes seconds on a machine with other work: to start, and to take 16 MiB in. */
const SLOW = { timeout: 60_000 };
const PACKAGE = new URL("../dist/index.js", import.meta.url).href;

/** A server whose client writes what it likes. */
interface Raw {
  readonly child: ChildProcess;
  /** What came on the standard output so far. */
  readonly out: () => string;
  readonly errors: () => string;
  say(message: object): void;
  /** The exit code, when it ends within a minute. */
  readonly exit: () => Promise<number | null | "still there">;
}

function started(args: readonly string[]): Raw {
  const child = spawn(process.execPath, args, { stdio: "pipe" });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const heard = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (piece: string) => {
      heard[name] += piece;
    });
  // It may end before all is written.
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    out: () => heard.stdout,
    errors: () => heard.stderr,
    say: (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    exit: () =>
      Promise.race([
        ended,
        new Promise<"still there">((resolve) => setTimeout(() => resolve("still there"), 60_000)),
      ]),
  };
}

async function greeted(): Promise<Raw> {
  const server = started([PROGRAM, "mcp", "--project", await projectWith(SHOP)]);
  const clientInfo = { name: "test", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  server.say({ id: 1, method: "initialize", params });
  server.say({ method: "notifications/initialized" });
  await expect.poll(server.out, SLOW).toContain('"id":1');
  return server;
}

function recall(id: number, query: string) {
  return { id, method: "tools/call", params: { name: "recall", arguments: { query } } };
}

test("a message of 16 MiB is answered; a client that goes ends the server without a word", async () => {
  const server = await greeted();
  server.say({ id: 2, method: "ping", params: { _meta: { padding: "y".repeat(16_700_000) } } });
  await expect.poll(server.out, SLOW).toContain('"id":2');
  server.child.stdin?.end();
  expect(await server.exit()).toBe(0);
  expect(server.errors()).toBe("");
});

for (const [when, isCalled] of [
  ["at the beginning", false],
  ["when the project is open", true],
] as const)
  test(`a message that is too long ends the server, which says so: ${when}`, async () => {
    const server = await greeted();
    if (isCalled) {
      server.say(recall(2, "tax"));
      await expect.poll(server.out, SLOW).toContain('"id":2');
    }
    server.say(recall(3, "y".repeat(20_000_000)));
    expect(await server.exit()).toBe(3);
    expect(server.errors()).toMatch(/^MCP_CONNECTION_BROKEN: .*exceeded.*at most 16777216 bytes.*$/m);
  });

test("a message that cannot be understood is told on the standard error, and the server goes on", async () => {
  const server = await greeted();
  server.say({ neither: "a request nor an answer" });
  server.say(recall(2, "tax"));
  await expect.poll(server.out, SLOW).toContain('"id":2');
  expect(server.errors()).toMatch(/^warning: A message could not be handled error=/);
});

test("the command refuses a project that is missing before it serves", async () => {
  const server = started([PROGRAM, "mcp", "--project", "/nonexistent"]);
  expect(await server.exit()).toBe(2);
  expect(server.errors()).toMatch(/^SDK_PROJECT_INVALID: .*\/nonexistent/);
});

test("servers that were closed leave no listeners behind", async () => {
  const project = await projectWith(SHOP);
  const program = `
    import { getEventListeners } from "node:events";
    import { serveStdio } from ${JSON.stringify(PACKAGE)};
    const { signal } = new AbortController();
    const options = { project: ${JSON.stringify(project)}, dir: ${JSON.stringify(`${project}/.agentos`)}, signal };
    const counts = () => {
      const streams = [process.stdin, process.stdout].flatMap((stream) =>
        ["data", "end", "close", "error"].map((name) => stream.listenerCount(name)));
      return [...streams, getEventListeners(signal, "abort").length];
    };
    const once = async () => {
      const server = serveStdio(options);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await server.close();
      await server.ended;
    };
    await once();
    const first = counts();
    for (let round = 0; round < 12; round += 1) await once();
    console.log(JSON.stringify([first, counts()]));
    process.exit();
  `;
  const server = started(["--input-type=module", "--eval", program]);
  expect(await server.exit()).toBe(0);
  const [first, last] = JSON.parse(server.out()) as [number[], number[]];
  expect(last).toEqual(first);
  expect(last.at(-1)).toBe(0);
  expect(server.errors()).toBe("");
});
