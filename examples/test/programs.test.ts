import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startProgram } from "./run-program.js";

const examples = fileURLToPath(new URL("..", import.meta.url));
let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "agentos-examples-"));
});
afterEach(async () => {
  // An example leaves nothing where it was started.
  expect(await readdir(cwd)).toEqual([]);
  await rm(cwd, { recursive: true });
});

const run = (...args: string[]) => startProgram([join(examples, args[0] ?? ""), ...args.slice(1)], { cwd });

describe("the small examples", () => {
  it("have at most 40 lines each and say at the top what they show", async () => {
    const names = (await readdir(examples)).filter((name) => name.endsWith(".mjs"));
    expect(names.sort()).toEqual(["memory.mjs", "model.mjs", "solve.mjs", "verify.mjs"]);
    for (const name of names) {
      const lines = (await readFile(join(examples, name), "utf8")).trimEnd().split("\n");
      expect(lines.length, name).toBeLessThanOrEqual(40);
      expect(lines[0], name).toMatch(/^\/\/ Shows /);
    }
  });

  it("solve.mjs passes over the wrong candidate", async () => {
    const { code, stdout, stderr } = await run("solve.mjs");
    expect(stderr).toBe("");
    expect(stdout).toBe("passed: right after 2 tries\n");
    expect(code).toBe(0);
  });

  it("verify.mjs lists every test and what was enforced", async () => {
    const { code, stdout } = await run("verify.mjs");
    expect(stdout).toMatch(/^failed: /);
    expect(stdout).toContain("  passed lower case\n");
    expect(stdout).toContain("  failed dashes\n");
    expect(stdout).toMatch(/ {2}ran on \w+: .*filesystem, network/);
    expect(code).toBe(0);
  });

  it("memory.mjs finds in a later brief what was remembered", async () => {
    const { code, stdout } = await run("memory.mjs");
    const lesson = "Dates in the invoice export are in UTC";
    expect(stdout).toContain(`recalled: ${lesson}`);
    expect(stdout.slice(stdout.indexOf("brief ("))).toContain(lesson);
    expect(code).toBe(0);
  });
});

describe("model.mjs", () => {
  it("says how to call it", async () => {
    const { code, stderr } = await run("model.mjs");
    expect(stderr).toContain("Usage:");
    expect(code).toBe(2);
  });

  it("solves a task with replies streamed by a server, the second one with feedback on the first", async () => {
    const code = (body: string): string =>
      `Here it is:\n\n\`\`\`js\nexport function median(numbers) {\n${body}\n}\n\`\`\`\n`;
    const sort = "  const sorted = [...numbers].sort((a, b) => a - b);\n  const middle = sorted.length >> 1;";
    const replies = [
      code(`${sort}\n  return sorted[middle];`),
      code(
        `${sort}\n  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;`,
      ),
    ];
    const requests: {
      path: string;
      key: string;
      body: { model: string; messages: { content: string }[] };
    }[] = [];
    const server = createServer(async (request: IncomingMessage, response) => {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      const { url = "", headers } = request;
      requests.push({ path: url, key: headers.authorization ?? "", body: JSON.parse(text) });
      response.writeHead(200, { "content-type": "text/event-stream" });
      const send = (data: object): unknown => response.write(`data: ${JSON.stringify(data)}\n\n`);
      for (const piece of (replies[requests.length - 1] ?? "").match(/[\s\S]{1,7}/g) ?? []) {
        send({ choices: [{ delta: { content: piece } }] });
      }
      send({ choices: [{ delta: {}, finish_reason: "stop" }] });
      send({ choices: [], usage: { prompt_tokens: 300, completion_tokens: 50 } });
      response.end("data: [DONE]\n\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const ended = await run("model.mjs", `http://127.0.0.1:${port}/v1`, "small", "secret-key");
      expect(ended.stdout).toContain("passed after 2 tries, 700 tokens");
      expect(ended.stdout + ended.stderr).not.toContain("secret-key");
      expect(ended.code).toBe(0);
      expect(requests.map(({ path }) => path)).toEqual(Array(2).fill("/v1/chat/completions"));
      expect(requests.every(({ key, body }) => key === "Bearer secret-key" && body.model === "small")).toBe(
        true,
      );
      const [first, second] = requests.map(({ body }) =>
        body.messages.map(({ content }) => content).join("\n"),
      );
      expect(first).toContain("Export median(numbers)");
      expect(second).toContain("even");
      expect(second).toContain("sorted[middle]");
    } finally {
      server.close();
    }
  });
});
