import { getEventListeners, once } from "node:events";
import { request } from "node:http";
import { connect as connectTo, type Socket } from "node:net";
import { isAgentOSError } from "@agentos/core";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { McpServer } from "@modelcontextprotocol/server";
import { expect, onTestFinished, test } from "vitest";
import { hostWithin } from "../src/http/host.js";
import { HTTP_LIMITS, type HttpLimits } from "../src/http/limits.js";
import { type HttpOptions, type HttpServer, serveHttp } from "../src/http/serve-http.js";
import { serveStdio } from "../src/serve-stdio.js";
import { call, ENDLESS, projectWith, SHOP } from "./client.js";
import { spinning } from "./processes.js";

async function serve(options: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const project = await projectWith(SHOP);
  const server = await serveHttp({ project, dir: `${project}/.agentos`, ...options });
  onTestFinished(() => server.close());
  return server;
}

async function connect({ url, token }: Pick<HttpServer, "url" | "token">): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  onTestFinished(() => client.close());
  return client;
}

/** Asks as any program could, with headers that `fetch` would not send. */
function ask(url: string, headers: Record<string, string>, path?: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  const clientInfo = { name: "test", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  return new Promise((resolve, reject) => {
    const accept = "application/json, text/event-stream";
    const all = { "content-type": "application/json", accept, ...headers };
    const options = { hostname, port, path: path ?? pathname, method: "POST", headers: all };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** A connection of which only some bytes are sent. What comes back is gathered until it is closed, or for two seconds. */
async function sending(url: string, text: string): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connectTo(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
  });
  let heard = "";
  socket.on("data", (piece: Buffer) => {
    heard += piece.toString();
  });
  socket.on("error", () => {});
  const closed = once(socket, "close").then(() => `${heard}(closed)`);
  const slow = new Promise<string>((resolve) => setTimeout(() => resolve(heard), 2_000));
  socket.write(text);
  return { socket, answer: Promise.race([closed, slow]) };
}

/** The head of a request for a body that does not come, unless it is sent later. */
function head(lines: readonly string[], bytes = 16_777_216): string {
  const all = ["POST /mcp HTTP/1.1", "content-type: application/json", ...lines, `content-length: ${bytes}`];
  return `${all.join("\r\n")}\r\n\r\n`;
}

test("several clients work on one project over HTTP", async () => {
  const server = await serve();
  const [one, other] = [await connect(server), await connect(server)];
  const [verdict, found] = await Promise.all([
    call(one, "verify", {}),
    call(other, "search_code", { query: "withTax" }),
  ]);
  expect(verdict.data).toMatchObject({ passed: false, passing: 1 });
  expect(found.data).toMatchObject({ hits: [{ path: "src/price.js", line: 4 }, {}, {}] });
  await call(one, "remember", { content: "Prices are in cents." });
  expect((await call(other, "recall", { query: "unit of prices" })).text).toContain("Prices are in cents.");
  const told: number[] = [];
  await call(one, "verify", {}, { onprogress: ({ progress }) => told.push(progress) });
  expect(told.length).toBeGreaterThan(0);
});

test("only who has the token, and comes from no foreign page, is answered", async () => {
  const server = await serve({ token: "a-token-of-my-own" });
  const { url } = server;
  const authorization = "Bearer a-token-of-my-own";
  expect(await ask(url, { authorization })).toBe(200);
  expect(await ask(url, {})).toBe(401);
  expect(await ask(url, { authorization: "Bearer a-token-of-my-owm" })).toBe(401);
  expect(await ask(url, { authorization: "Bearer a-token-of-my-own-and-more" })).toBe(401);
  expect(await ask(url, { authorization: "Basic a-token-of-my-own" })).toBe(401);
  expect(await ask(url, { authorization, origin: "https://evil.example" })).toBe(403);
  expect(await ask(url, { authorization, origin: "null" })).toBe(403);
  expect(await ask(url, { authorization, host: "evil.example" })).toBe(403);
  expect(await ask(url, { authorization, host: "127.0.0.1.evil.example" })).toBe(403);
  expect(await ask(url, { authorization }, "/")).toBe(404);
  expect(await ask(url, { authorization, "mcp-session-id": "none" })).toBe(404);
  expect(new URL(url).hostname).toBe("127.0.0.1");
});

test("who may not call is told so and cut off before a body is read", async () => {
  const { url, token } = await serve();
  const authorization = `authorization: Bearer ${token}`;
  const cases: readonly (readonly [lines: readonly string[], status: number])[] = [
    [["host: 127.0.0.1"], 401],
    [["host: 127.0.0.1", "authorization: Bearer another-token-of-theirs"], 401],
    [["host: 127.0.0.1", authorization, "origin: https://evil.example"], 403],
    [["host: evil.example", authorization], 403],
    [["host: x@127.0.0.1", authorization], 403],
    [["host: :99999", authorization], 403],
    [["host: 127.0.0.1:99999", authorization], 403],
    [["host: a b", authorization], 403],
    [["host: 127.0.0.1/mcp", authorization], 403],
    [["host: 127.0.0.1", "host: 127.0.0.1", authorization], 400],
    [["host: 127.0.0.1", "host: evil.example", authorization], 400],
    [[authorization], 400],
  ];
  await Promise.all(
    cases.map(async ([lines, status]) => {
      const { answer } = await sending(url, head(lines));
      const heard = await answer;
      expect(heard, lines.join("; ")).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\\(closed\\)$`, "s"));
    }),
  );
  for (const method of ["TRACE", "OPTIONS", "PUT"]) {
    const { answer } = await sending(url, `${method} /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1.1 405 .*\(closed\)$/s);
  }
  const { answer } = await sending(url, head(["host: localhost:1", authorization]));
  expect(await answer, "this one may go on").toBe("");
});

test("many large bodies at once are refused, small ones are not, and nothing is held back afterwards", async () => {
  const server = await serve();
  const { url, token } = server;
  const lines = ["host: 127.0.0.1", "accept: application/json, text/event-stream"];
  const allowed = head([...lines, `authorization: Bearer ${token}`]);
  const client = await connect(server);
  const large = Buffer.alloc(16_777_215, " ");
  const open = await Promise.all(Array.from({ length: 4 }, () => sending(url, allowed)));
  for (const { socket } of open) await new Promise<void>((resolve) => socket.write(large, () => resolve()));
  // What was written may not have been read yet.
  const post = (text: string): Promise<number> =>
    fetch(url, {
      method: "POST",
      body: text,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    }).then(({ status }) => status);
  await expect.poll(() => post(" ".repeat(1_000_000)), { timeout: 10_000 }).toBe(503);
  expect((await client.listTools()).tools.length).toBe(8);
  for (const { socket } of open) socket.destroy();
  await expect.poll(() => post(" ".repeat(1_000_000)), { timeout: 10_000 }).not.toBe(503);
  for (let count = 0; count < 6; count += 1) expect(await post(" ".repeat(16_000_000))).not.toBe(503);
});

test("a body that is too long is refused, told or not", async () => {
  const { url, token } = await serve();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = " ".repeat(16_777_217);
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(413);
  const stream = new Blob([body]).stream();
  const asked = fetch(url, { method: "POST", headers, body: stream, duplex: "half" } as RequestInit);
  expect((await asked).status).toBe(413);
});

/** A server with one tool that takes its time. */
async function slowHost(limits: Partial<HttpLimits>) {
  const makeServer = (): McpServer => {
    const server = new McpServer({ name: "slow", version: "1" });
    server.registerTool("wait", { description: "waits" }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { content: [{ type: "text", text: "done" }] };
    });
    return server;
  };
  const host = await hostWithin({ ...HTTP_LIMITS, ...limits }, makeServer);
  onTestFinished(() => host.close());
  return host;
}

test("a request that does not come is given up, and an answer may take long", async () => {
  const host = await slowHost({ headMs: 300, requestMs: 400, checkMs: 50 });
  const client = await connect(host);
  const called = call(client, "wait", {});
  const silent = await sending(host.url, "");
  const half = await sending(host.url, "POST /mcp HTTP/1.1\r\nhost: 127");
  const lines = ["host: 127.0.0.1", `authorization: Bearer ${host.token}`];
  const dribbling = await sending(host.url, `${head(lines)}{`);
  for (const { answer } of [silent, half, dribbling]) expect(await answer).toMatch(/\(closed\)$/);
  expect((await called).text).toBe("done");
});

test("no more connections are held than a server has room for", async () => {
  const { url } = await slowHost({ connections: 3 });
  const held = await Promise.all([1, 2, 3].map(() => sending(url, "")));
  expect(await (await sending(url, "")).answer).toBe("(closed)");
  for (const { socket } of held) expect(socket.destroyed).toBe(false);
});

test("progress grows over all phases of a call, and each is told", async () => {
  const client = await connect(await serve());
  const told: { readonly progress: number; readonly message?: string }[] = [];
  await call(client, "verify", {}, { onprogress: (progress) => told.push(progress) });
  const numbers = told.map(({ progress }) => progress);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  const messages = told.map(({ message }) => message ?? "");
  expect(messages.findIndex((message) => message.startsWith("indexing"))).toBe(0);
  expect(messages.some((message) => message.startsWith("running tests"))).toBe(true);
});

test.skipIf(process.platform !== "linux")("a client that gives a call up has it cancelled", async () => {
  const project = await projectWith({ ...SHOP, "test/endless.test.js": ENDLESS });
  const server = await serveHttp({ project, dir: `${project}/.agentos` });
  onTestFinished(() => server.close());
  const client = await connect(server);
  await call(client, "verify", { tests: ["test/price.test.js"] });
  const controller = new AbortController();
  const given = call(client, "verify", { tests: ["test/endless.test.js"] }, { signal: controller.signal });
  given.catch(() => {});
  await expect.poll(() => spinning(process.pid).length, { timeout: 10_000 }).toBeGreaterThan(0);
  controller.abort();
  await expect(given).rejects.toThrow();
  // A run that nothing ends takes ten seconds.
  await expect.poll(() => spinning(process.pid), { timeout: 5_000 }).toEqual([]);
});

test("more clients than are served at once: whoever asked longest ago begins anew", async () => {
  const server = await serve();
  const first = await connect(server);
  await first.listTools();
  for (let number = 0; number < 64; number += 1) await connect(server);
  await expect(first.listTools()).rejects.toThrow(/Session not found/);
  expect((await (await connect(server)).listTools()).tools.length).toBe(8);
}, 60_000);

test("a port that is taken and a token that is none are refused", async () => {
  const { url } = await serve();
  const port = Number(new URL(url).port);
  await expect(serve({ port })).rejects.toSatisfy((error) => isAgentOSError(error, "MCP_PORT_UNAVAILABLE"));
  for (const wrong of [{ token: "short" }, { token: "with spaces in between it" }, { port: 70_000 }])
    await expect(serve(wrong)).rejects.toSatisfy((error) => isAgentOSError(error, "OPTIONS_INVALID"));
});

test("options that are none and a project that is missing are refused at the start", async () => {
  const project = await projectWith(SHOP);
  const dir = `${project}/.agentos`;
  const wrong: readonly (readonly [options: object, code: string, word: RegExp])[] = [
    [{ project, dir, prot: 7333 }, "OPTIONS_INVALID", /unknown key prot/],
    [{ project, dir, needs: 5 }, "OPTIONS_INVALID", /needs/],
    [{ dir }, "OPTIONS_INVALID", /project/],
    [{ project: "/nonexistent", dir }, "SDK_PROJECT_INVALID", /\/nonexistent/],
    [{ project: `${project}/package.json`, dir }, "SDK_PROJECT_INVALID", /package\.json/],
  ];
  for (const [options, code, word] of wrong) {
    const given = options as HttpOptions;
    const fits = (error: unknown): boolean => isAgentOSError(error, code) && word.test(error.message);
    await expect(serveHttp(given)).rejects.toSatisfy(fits);
    // As long as nothing was begun, it throws at once.
    expect(() => serveStdio(given)).toThrow(expect.toSatisfy(fits));
  }
  const host = hostWithin(HTTP_LIMITS, () => new McpServer({ name: "none", version: "1" }), {
    prot: 7333,
  } as object);
  await expect(host).rejects.toSatisfy((error) => isAgentOSError(error, "OPTIONS_INVALID"));
});

test("a server that is closed leaves nothing with its signal", async () => {
  const { signal } = new AbortController();
  const server = await serve({ signal });
  expect(getEventListeners(signal, "abort").length).toBe(1);
  await server.close();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("closing cancels what is under way", async () => {
  const project = await projectWith({
    ...SHOP,
    "test/endless.test.js": ENDLESS,
  });
  const controller = new AbortController();
  const server = await serveHttp({ project, dir: `${project}/.agentos`, signal: controller.signal });
  const client = await connect(server);
  await call(client, "search_code", { query: "withTax" });
  const verdict = call(client, "verify", { tests: ["test/endless.test.js"] });
  verdict.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const started = performance.now();
  controller.abort();
  await server.ended;
  // A run that nothing ends takes ten seconds.
  expect(performance.now() - started).toBeLessThan(5_000);
});
