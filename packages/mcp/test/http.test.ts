import { request } from "node:http";
import { isAgentOSError } from "@agentos/core";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test } from "vitest";
import { type HttpOptions, type HttpServer, serveHttp } from "../src/http/serve-http.js";
import { call, ENDLESS, projectWith, SHOP } from "./client.js";
import { spinning } from "./processes.js";

async function serve(options: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const project = await projectWith(SHOP);
  const server = await serveHttp({ project, dir: `${project}/.agentos`, ...options });
  onTestFinished(() => server.close());
  return server;
}

async function connect({ url, token }: HttpServer): Promise<Client> {
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
