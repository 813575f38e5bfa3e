import { setTimeout as sleep } from "node:timers/promises";
import { AgentLoop, type Brief, type Proposal, type ProposeContext, type Task } from "@agentos/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type ModelOptions, openAICompatible } from "../../src/index.js";
import { type Answer, openEndpoint, recorded, refuse, sendStream, startStream } from "./endpoint.js";

const task: Task = { id: "t", prompt: "Write add(a, b).", language: "python" };
const brief: Brief = { taskId: "t", text: "# Task\n\nWrite add(a, b).\n", items: [], tokens: 8, notes: [] };
const CODE = "def add(a, b):\n    return a + b  # ∑ 数学 🧮\n";
const REPLY = ["Here:\n\n```py", "thon\n", CODE, "```\n"];
const context: ProposeContext = { round: 1, remaining: {} };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function endpoint(answer: Answer): ReturnType<typeof openEndpoint> {
  const one = await openEndpoint(answer);
  opened.push(one);
  return one;
}

function model(baseUrl: string, options: Partial<ModelOptions> = {}): ReturnType<typeof openAICompatible> {
  return openAICompatible({ baseUrl, model: "tiny-coder", retryDelayMs: 1, ...options });
}

async function ask(
  agent: ReturnType<typeof openAICompatible>,
  given: Partial<ProposeContext> = {},
): Promise<Proposal> {
  return (await agent.propose(task)(brief, undefined, { ...context, ...given })) as Proposal;
}

describe("a reply", () => {
  it("becomes a candidate with its usage and price", async () => {
    const server = await endpoint((response) =>
      sendStream(response, recorded(REPLY, { prompt_tokens: 1000, completion_tokens: 500 })),
    );
    const agent = model(`${server.baseUrl}/`, {
      apiKey: "sk-test-123456",
      temperature: 0.2,
      maxOutputTokens: 900,
      prices: { inputPerMillion: 1, outputPerMillion: 4 },
    });
    const { candidates, usage } = await ask(agent);
    expect(candidates).toHaveLength(1);
    expect(candidates[0]?.files).toEqual({ "solution.py": CODE });
    expect(candidates[0]?.proposer).toEqual({ model: "tiny-coder" });
    expect(usage).toEqual({ tokens: 1500, money: 0.003 });
    const [asked] = server.seen;
    expect(asked?.path).toBe("/v1/chat/completions");
    expect(asked?.headers.authorization).toBe("Bearer sk-test-123456");
    expect(asked?.body).toMatchObject({
      model: "tiny-coder",
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      max_tokens: 900,
    });
    expect(asked?.body.messages.map((message) => message.content).join()).toContain("Write add(a, b).");
  });

  it("is the same wherever the network cuts it", async () => {
    const bytes = Buffer.from(recorded(REPLY, { prompt_tokens: 7, completion_tokens: 9 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }),
        async (cuts) => {
          const places = [0, ...cuts.sort((one, other) => one - other), bytes.length];
          const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
          const fetched = async () =>
            new Response(ReadableStream.from(pieces.filter((piece) => piece.length > 0)), {
              headers: { "content-type": "text/event-stream" },
            });
          const { candidates, usage } = await ask(
            model("http://model.invalid/v1", { fetch: fetched as typeof fetch }),
          );
          expect(candidates[0]?.files).toEqual({ "solution.py": CODE });
          expect(usage?.tokens).toBe(16);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("arrives over a real socket byte by byte, with CRLF and comments", async () => {
    const text = `: keep-alive\r\n\r\n${recorded(REPLY).replaceAll("\n\n", "\r\n\r\n")}`;
    const server = await endpoint(async (response) => {
      startStream(response);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        if (at % 70 === 0) await sleep(1);
      }
      response.end();
    });
    const pieces: string[] = [];
    const agent = model(server.baseUrl);
    agent.events.on("text", ({ text: piece }) => pieces.push(piece));
    const { candidates, usage } = await ask(agent);
    expect(candidates[0]?.files).toEqual({ "solution.py": CODE });
    expect(pieces.join("")).toBe(REPLY.join(""));
    expect(usage?.tokens).toBeGreaterThan(20); // estimated, since the endpoint did not count
  });

  it("is read from an endpoint that does not stream", async () => {
    const server = await endpoint((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          choices: [
            { index: 0, message: { role: "assistant", content: REPLY.join("") }, finish_reason: "stop" },
          ],
          usage: { prompt_tokens: 3, completion_tokens: 4 },
        }),
      );
    });
    const { candidates, usage } = await ask(model(server.baseUrl));
    expect(candidates[0]?.files).toEqual({ "solution.py": CODE });
    expect(usage?.tokens).toBe(7);
  });

  it("without code is an empty proposal that says why and is paid for", async () => {
    const server = await endpoint((response) =>
      sendStream(response, recorded(["I cannot do that."], { prompt_tokens: 10, completion_tokens: 5 })),
    );
    const agent = model(server.baseUrl);
    const reasons: string[] = [];
    agent.events.on("nothing", ({ reason }) => reasons.push(reason));
    const { candidates, usage } = await ask(agent);
    expect(candidates).toEqual([]);
    expect(usage?.tokens).toBe(15);
    expect(reasons).toEqual(["the reply had no fenced code block"]);
    const solution = await new AgentLoop({}).solve(task, agent.propose(task));
    expect(solution).toMatchObject({ status: "failed", spent: { tokens: 15 } });
  });
});

describe("several replies", () => {
  it("become several candidates, the same code once", async () => {
    const server = await endpoint((response, index) =>
      sendStream(
        response,
        recorded([`\`\`\`python\nx = ${index % 2}\n\`\`\``], { prompt_tokens: 1, completion_tokens: 1 }),
      ),
    );
    const { candidates, usage } = await ask(model(server.baseUrl, { candidates: 4 }));
    expect(candidates.map((candidate) => candidate.files["solution.py"]).sort()).toEqual([
      "x = 0\n",
      "x = 1\n",
    ]);
    expect(new Set(candidates.map((candidate) => candidate.id)).size).toBe(2);
    expect(usage?.tokens).toBe(8);
  });

  it("are worth as much as came through when one fails", async () => {
    const server = await endpoint((response, index) =>
      index === 0 ? refuse(response, 400, "no") : sendStream(response, recorded(REPLY)),
    );
    const { candidates } = await ask(model(server.baseUrl, { candidates: 3 }));
    expect(candidates).toHaveLength(1);
  });

  it("that repeat a failure are asked for once more, in other words", async () => {
    const server = await endpoint((response, index) =>
      sendStream(response, recorded(index < 2 ? REPLY : ["```python\nother = 1\n```"])),
    );
    const propose = model(server.baseUrl).propose(task);
    const first = (await propose(brief, undefined, context)) as Proposal;
    const candidate = first.candidates[0];
    if (candidate === undefined) throw new Error("no candidate");
    const feedback = {
      round: 2,
      candidate,
      failedTests: [],
      text: "1 test(s) did not pass:\n> add: 3 is not 4",
    };
    const second = (await propose(brief, feedback, { round: 2, remaining: {} })) as Proposal;
    expect(second.candidates[0]?.files).toEqual({ "solution.py": "other = 1\n" });
    expect(second.candidates[0]?.id).not.toBe(candidate.id);
    const shown = server.seen[1]?.body.messages.map((message) => message.content).join("\n") ?? "";
    expect(shown).toContain("3 is not 4");
    expect(shown).toContain(CODE.trim());
    expect(server.seen[2]?.body.messages.at(-1)?.content).toContain("tried already");
  });
});

describe("trouble that passes", () => {
  it("429 is waited out as Retry-After says", async () => {
    const server = await endpoint((response, index) =>
      index === 0
        ? refuse(response, 429, "slow down", { "retry-after": "0.2" })
        : sendStream(response, recorded(REPLY)),
    );
    const agent = model(server.baseUrl);
    const delays: number[] = [];
    agent.events.on("retry", ({ delayMs }) => delays.push(delayMs));
    const started = Date.now();
    expect((await ask(agent)).candidates).toHaveLength(1);
    expect(delays).toEqual([200]);
    expect(Date.now() - started).toBeGreaterThanOrEqual(195);
  });

  it("a Retry-After longer than the longest pause fails at once", async () => {
    const server = await endpoint((response) => refuse(response, 429, "quota", { "retry-after": "86400" }));
    await expect(ask(model(server.baseUrl))).rejects.toMatchObject({ code: "MODEL_RATE_LIMITED" });
    expect(server.seen).toHaveLength(1);
  });

  it.each([500, 502, 503, 529, 408, 409])("%i is sent again", async (status) => {
    const server = await endpoint((response, index) =>
      index < 2 ? refuse(response, status, "later") : sendStream(response, recorded(REPLY)),
    );
    expect((await ask(model(server.baseUrl))).candidates).toHaveLength(1);
    expect(server.seen).toHaveLength(3);
  });

  it("a connection dropped in mid-stream is sent again, and what was lost is paid for", async () => {
    const whole = recorded(REPLY, { prompt_tokens: 10, completion_tokens: 10 });
    const server = await endpoint((response, index) => {
      startStream(response);
      if (index > 0) return void response.end(whole);
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
    });
    const { candidates, usage } = await ask(model(server.baseUrl));
    expect(candidates[0]?.files).toEqual({ "solution.py": CODE });
    expect(usage?.tokens).toBeGreaterThan(20 + 50);
  });

  it("a stream that ends politely but too early is sent again", async () => {
    const whole = recorded(REPLY);
    const server = await endpoint((response, index) =>
      sendStream(response, index > 0 ? whole : whole.slice(0, whole.indexOf('"finish_reason":"stop"') - 200)),
    );
    expect((await ask(model(server.baseUrl))).candidates[0]?.files).toEqual({ "solution.py": CODE });
    expect(server.seen).toHaveLength(2);
  });

  it("an option that the endpoint does not know is left out from then on", async () => {
    const server = await endpoint((response, _index, { body }) => {
      if ("stream_options" in body) return refuse(response, 400, "Unknown parameter: stream_options");
      if ("max_tokens" in body)
        return refuse(response, 400, "Use 'max_completion_tokens' instead of max_tokens");
      if ("temperature" in body) return refuse(response, 400, "Unsupported value: temperature");
      sendStream(response, recorded(REPLY));
    });
    const agent = model(server.baseUrl, { maxRetries: 0, temperature: 1, maxOutputTokens: 50 });
    expect((await ask(agent)).candidates).toHaveLength(1);
    expect(server.seen).toHaveLength(4);
    expect(server.seen[3]?.body["max_completion_tokens"]).toBe(50);
    expect((await ask(agent)).candidates).toHaveLength(1);
    expect(server.seen).toHaveLength(5);
  });
});

describe("trouble that stays", () => {
  const cases: [string, string, Answer][] = [
    [
      "a bad key",
      "MODEL_UNAUTHORIZED",
      (response) => refuse(response, 401, "Incorrect API key: sk-secret-987654"),
    ],
    [
      "a forbidden model",
      "MODEL_UNAUTHORIZED",
      (response) => refuse(response, 403, "sk-secret-987654 may not"),
    ],
    ["an unknown model", "MODEL_REFUSED", (response) => refuse(response, 404, "model not found")],
    ["a broken server", "MODEL_UNAVAILABLE", (response) => refuse(response, 500, "sk-secret-987654")],
    [
      "malformed JSON",
      "MODEL_REPLY_INVALID",
      (response) => sendStream(response, 'data: {"choices": [sk-secret-987654\n\n'),
    ],
    [
      "another protocol",
      "MODEL_REPLY_INVALID",
      (response) => sendStream(response, 'data: {"choices": "sk-secret-987654"}\n\n'),
    ],
    ["a web page", "MODEL_REPLY_INVALID", (response) => void response.end("<html>sk-secret-987654</html>")],
    [
      "an error inside the stream",
      "MODEL_UNAVAILABLE",
      (response) =>
        sendStream(response, 'data: {"error":{"message":"sk-secret-987654 overloaded","code":529}}\n\n'),
    ],
    [
      "a refusal inside the stream",
      "MODEL_REFUSED",
      (response) => sendStream(response, 'data: {"error":{"message":"too long","code":400}}\n\n'),
    ],
    ["a hang before the reply", "MODEL_TIMEOUT", () => {}],
    [
      "a hang in mid-stream",
      "MODEL_TIMEOUT",
      (response) => {
        startStream(response);
        response.write(recorded(REPLY).slice(0, 300));
      },
    ],
    ["a dropped connection", "MODEL_UNREACHABLE", (response) => void response.destroy()],
  ];

  it.each(cases)("%s is %s, and no error or log holds the key", async (_name, code, answer) => {
    const server = await endpoint(answer);
    const logged: unknown[] = [];
    const log = (fields: unknown, message: string) => void logged.push(fields, message);
    const agent = model(server.baseUrl, {
      apiKey: "sk-secret-987654",
      maxRetries: 1,
      timeoutMs: 150,
      logger: { debug: log, info: log, warn: log, error: log },
    });
    const error = await ask(agent).then(
      () => undefined,
      (thrown: unknown) => thrown as Error & { code: string; details: unknown },
    );
    expect(error?.code).toBe(code);
    const everything = JSON.stringify([
      error?.message,
      error?.stack,
      error?.details,
      String(error?.cause),
      logged,
    ]);
    expect(everything).not.toContain("secret-987654");
  });

  it("a web page is called one, and the base URL is named as what to check", async () => {
    const server = await endpoint((response) => {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end("<html>welcome</html>");
    });
    await expect(ask(model(server.baseUrl, { maxRetries: 0 }))).rejects.toMatchObject({
      code: "MODEL_REPLY_INVALID",
      message: expect.stringMatching(/web page.*base URL/),
    });
  });

  it("nobody listening is MODEL_UNREACHABLE and says why", async () => {
    const server = await openEndpoint(() => {});
    await server.close();
    const failure = ask(model(server.baseUrl, { maxRetries: 1 }));
    await expect(failure).rejects.toMatchObject({
      code: "MODEL_UNREACHABLE",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("retries stop after maxRetries", async () => {
    const server = await endpoint((response) => refuse(response, 503, "later"));
    await expect(ask(model(server.baseUrl, { maxRetries: 2 }))).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
    });
    expect(server.seen).toHaveLength(3);
  });
});

describe("cancelling", () => {
  const moments: [string, Answer][] = [
    ["before the reply", () => {}],
    [
      "in mid-stream",
      (response) => {
        startStream(response);
        response.write(recorded(REPLY).slice(0, 300));
      },
    ],
    ["in a pause", (response) => refuse(response, 503, "later", { "retry-after": "30" })],
  ];

  it.each(moments)("%s rejects with ABORTED at once", async (_name, answer) => {
    const controller = new AbortController();
    const server = await endpoint((response, index, request) => {
      answer(response, index, request);
      setTimeout(() => controller.abort(), 30);
    });
    const started = Date.now();
    await expect(ask(model(server.baseUrl), { signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(server.seen).toHaveLength(1);
  });

  it("when cancelled already sends nothing", async () => {
    const server = await endpoint(() => {});
    await expect(ask(model(server.baseUrl), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(server.seen).toHaveLength(0);
  });
});

describe("the budget", () => {
  it("lowers the longest reply to what is left", async () => {
    const server = await endpoint((response) => sendStream(response, recorded(REPLY)));
    const agent = model(server.baseUrl, {
      maxOutputTokens: 5_000,
      prices: { inputPerMillion: 0, outputPerMillion: 10 },
    });
    await ask(agent, { remaining: { money: 0.001 } });
    expect(server.seen[0]?.body["max_tokens"]).toBe(100);
    await ask(agent, { remaining: { tokens: 1_000 } });
    expect(server.seen[1]?.body["max_tokens"]).toBeLessThan(1_000);
    expect(server.seen[1]?.body["max_tokens"]).toBeGreaterThan(500);
  });

  it("that covers no reply sends nothing", async () => {
    const server = await endpoint((response) => sendStream(response, recorded(REPLY)));
    const agent = model(server.baseUrl);
    const reasons: string[] = [];
    agent.events.on("nothing", ({ reason }) => reasons.push(reason));
    expect((await ask(agent, { remaining: { tokens: 20 } })).candidates).toEqual([]);
    expect(reasons[0]).toContain("budget");
    expect(server.seen).toHaveLength(0);
  });
});

describe("options", () => {
  it.each([
    [{ baseUrl: "localhost:11434", model: "m" }, "baseUrl"],
    [{ baseUrl: "http://me:pw-123@host/v1", model: "m" }, "apiKey"],
    [{ baseUrl: "http://host/v1", model: "" }, "model"],
    [{ baseUrl: "http://host/v1", model: "m", apiKey: "sk-1\nsk-2" }, "apiKey"],
    [{ baseUrl: "http://host/v1", model: "m", temprature: 1 }, "temprature"],
    [{ baseUrl: "http://host/v1", model: "m", candidates: 0 }, "candidates"],
  ])("%j is refused by name", (options, named) => {
    let error: (Error & { code?: string }) | undefined;
    try {
      openAICompatible(options as ModelOptions);
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error?.code).toBe("OPTIONS_INVALID");
    expect(error?.message).toContain(named);
    expect(error?.message).not.toMatch(/pw-123|sk-1/);
  });
});
