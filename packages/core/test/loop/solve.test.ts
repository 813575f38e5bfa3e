import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AgentLoop,
  type Candidate,
  isAgentOSError,
  type Propose,
  type SolveOptions,
} from "../../src/index.js";
import { sleep, testEngines, word, wordTask } from "../engines.js";

/** Hands out one list of candidates a round. */
function rounds(...lists: Candidate[][]): Propose {
  let next = 0;
  return async () => lists[next++] ?? [];
}

describe("AgentLoop.solve", () => {
  it("verifies in the order of the forecasts and stops at the first that passes", async () => {
    const engines = testEngines({ low: 0.1, high: 0.9, middle: 0.5 });
    const solution = await new AgentLoop(engines).solve(
      wordTask(["i"]),
      rounds([word("low", "i"), word("high", "x"), word("middle", "i")]),
    );
    expect(engines.sandbox.verified).toEqual(["high", "middle"]);
    expect(solution.status).toBe("passed");
    expect(solution.winner?.candidate.id).toBe("middle");
    expect(solution.winner?.forecast?.probability).toBe(0.5);
    expect(solution.ranked.map(({ candidate }) => candidate.id)).toEqual(["high", "middle", "low"]);
    expect(engines.learner.learned.map(({ candidate }) => candidate.id)).toEqual(["high", "middle"]);
  });

  it("gives the agent feedback on the best failure and takes a later round's pass", async () => {
    const engines = testEngines();
    const heard: (string | undefined)[] = [];
    const solution = await new AgentLoop(engines).solve(
      wordTask(["a", "b"]),
      async (_brief, feedback, { round }) => {
        heard.push(feedback?.text);
        return round === 1 ? [word("none", "x"), word("half", "a")] : word("both", "ab");
      },
    );
    expect(solution.status).toBe("passed");
    expect(heard[0]).toBeUndefined();
    expect(heard[1]).toContain("expected b");
    expect(heard[1]).not.toContain("expected a");
  });

  it("returns the best failure with feedback when the agent has no more", async () => {
    const solution = await new AgentLoop(testEngines()).solve(
      wordTask(["a", "b"]),
      rounds([word("one", "a")], [word("two", "x")]),
    );
    expect(solution.status).toBe("failed");
    expect(solution.best?.candidate.id).toBe("one");
    expect(solution.feedback?.failedTests.map(({ name }) => name)).toEqual(["t1.txt"]);
    expect(solution.winner).toBeUndefined();
  });

  it("stops at the first candidate that passes the visible tests when hidden ones must choose nothing", async () => {
    const task = wordTask(["a"], ["z"]);
    const list = [word("first", "a"), word("second", "az")];
    const measured = await new AgentLoop(testEngines()).solve(task, rounds(list), { accept: "visible" });
    expect(measured.status).toBe("failed");
    expect(measured.best?.candidate.id).toBe("first");
    const free = await new AgentLoop(testEngines()).solve(task, rounds(list));
    expect(free.winner?.candidate.id).toBe("second");
  });

  it("ranks without a sandbox, and says what is missing", async () => {
    const { learner } = testEngines({ a: 0.2, b: 0.7 });
    const solution = await new AgentLoop({ learner }).solve(wordTask(["x"]), rounds([word("a"), word("b")]));
    expect(solution.status).toBe("unverified");
    expect(solution.ranked[0]?.candidate.id).toBe("b");
    expect(solution.missing.join(" ")).toMatch(/sandbox.*journal/s);
  });

  it("refuses a task with neither tests nor project before anything is verified", async () => {
    const task = { ...wordTask([]), tests: undefined };
    await expect(new AgentLoop(testEngines()).solve(task, rounds([word("a")]))).rejects.toMatchObject({
      code: "NOTHING_TO_JUDGE",
    });
  });

  it("refuses a candidate id used twice, a broken candidate and unknown options by name", async () => {
    const loop = new AgentLoop(testEngines());
    const task = wordTask(["x"]);
    await expect(loop.solve(task, rounds([word("a")], [word("a")]))).rejects.toMatchObject({
      code: "CANDIDATE_INVALID",
    });
    const bad = { id: "a", files: { "../x.js": "" } };
    await expect(loop.solve(task, rounds([bad]))).rejects.toMatchObject({ code: "CANDIDATE_INVALID" });
    // @ts-expect-error an unknown option
    await expect(loop.solve(task, rounds(), { bugdet: {} })).rejects.toThrow(/bugdet/);
  });

  it("refuses wrong needs and limits before the agent is asked", async () => {
    const loop = new AgentLoop(testEngines());
    const never = async () => expect.fail("the agent was asked");
    const wrong = [{ needs: [] }, { needs: ["bogus"] }, { limits: { wallMs: -1 } }, { limits: { wall: 1 } }];
    for (const options of wrong) {
      const solve = loop.solve(wordTask(["x"]), never, options as SolveOptions);
      await expect(solve).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    }
    const notAFunction = "propose" as unknown as Propose;
    await expect(loop.solve(wordTask(["x"]), notAFunction)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("refuses an answer that is no candidate, and a usage that would leave the budget without an end", async () => {
    const loop = new AgentLoop(testEngines());
    const answers: readonly [unknown, string][] = [
      [undefined, "CANDIDATE_INVALID"],
      ["code", "CANDIDATE_INVALID"],
      [{ candidates: word("a") }, "CANDIDATE_INVALID"],
      [{ candidates: [word("a")], usage: { tokens: Number.NaN } }, "INPUT_INVALID"],
      [{ candidates: [word("a")], usage: { tokens: -5 } }, "INPUT_INVALID"],
    ];
    for (const [answer, code] of answers) {
      const propose = (async () => answer) as unknown as Propose;
      await expect(loop.solve(wordTask(["x"]), propose)).rejects.toMatchObject({ code });
    }
  });
});

describe("the budget", () => {
  it("bounds tries, tokens and money; nothing is called that was not reserved", async () => {
    const budgets = [
      { budget: { tries: 3 }, key: "tries" },
      { budget: { tokens: 25 }, reserve: { tokens: 10 }, key: "tokens" },
      { budget: { money: 0.5 }, reserve: { money: 0.2 }, key: "money" },
    ] as const;
    for (const { budget, key, ...options } of budgets) {
      const engines = testEngines();
      let asked = 0;
      const solution = await new AgentLoop(engines).solve(
        wordTask(["never"]),
        async () => {
          asked += 1;
          return { candidates: [word(`c${asked}`)], usage: { tokens: 10, money: 0.2 } };
        },
        { budget, ...options },
      );
      expect(solution).toMatchObject({ status: "budget", exhausted: key });
      expect(asked).toBe(key === "tries" ? 3 : 2);
      expect(solution.spent[key]).toBeLessThanOrEqual((budget as Record<string, number>)[key] ?? 0);
    }
  });

  it("ends a propose that overruns the wall time, and a verification too", async () => {
    const engines = testEngines();
    const slow = await new AgentLoop(engines).solve(wordTask(["x"]), () => new Promise(() => {}), {
      budget: { wallMs: 50 },
    });
    expect(slow).toMatchObject({ status: "budget", exhausted: "wallMs" });
    engines.sandbox.delayMs = 5_000;
    const solution = await new AgentLoop(engines).solve(wordTask(["x"]), rounds([word("a")]), {
      budget: { wallMs: 100 },
    });
    expect(solution).toMatchObject({ status: "budget", exhausted: "wallMs" });
    expect(solution.outcomes).toEqual([]);
  });

  it("never spends more than it reserves (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 100 }),
        async (uses, tokens) => {
          let asked = 0;
          const solution = await new AgentLoop(testEngines()).solve(
            wordTask(["never"]),
            async () => {
              const used = uses[asked % uses.length] ?? 0;
              asked += 1;
              return { candidates: [word(`c${asked}`)], usage: { tokens: used } };
            },
            { budget: { tokens, tries: 20 }, reserve: { tokens: 30 } },
          );
          expect(solution.spent.tokens).toBeLessThanOrEqual(tokens);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("cancelling", () => {
  it("rejects with ABORTED, keeps the journal, and the solve can be resumed", async () => {
    const engines = testEngines();
    const task = wordTask(["x"]);
    const controller = new AbortController();
    const loop = new AgentLoop(engines);
    engines.sandbox.delayMs = 20;
    loop.events.on("learned", () => controller.abort());
    const propose = rounds([word("a"), word("b", "x")]);
    const failed = await loop
      .solve(task, propose, { signal: controller.signal })
      .catch((error: unknown) => error);
    expect(isAgentOSError(failed, "ABORTED")).toBe(true);
    const [solveId] = await engines.journal.solves();
    const resumed = await new AgentLoop(engines).solve(task, rounds(), { resume: solveId });
    expect(resumed.winner?.candidate.id).toBe("b");
    expect(engines.sandbox.verified).toEqual(["a", "b"]);
    expect(engines.learner.learned.length).toBe(2);
  });

  it("cancels while the agent thinks, even when the agent ignores the signal", async () => {
    const controller = new AbortController();
    const solving = new AgentLoop(testEngines()).solve(wordTask(["x"]), () => new Promise(() => {}), {
      signal: controller.signal,
    });
    await sleep(10);
    controller.abort();
    await expect(solving).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("the journal", () => {
  it("resumes after any step without repeating one (property: crash after every entry)", async () => {
    const task = wordTask(["a", "b"], ["c"]);
    const lists = [[word("one", "a"), word("two", "x")], [word("three", "ab")], [word("four", "abc")]];
    const propose: Propose = async (_brief, _feedback, { round }) => lists[round - 1] ?? [];
    const whole = testEngines({ one: 0.2 });
    const expected = await new AgentLoop(whole).solve(task, propose);
    const entries = whole.journal.entries;
    expect(expected.status).toBe("passed");
    for (let cut = 1; cut <= entries.length; cut += 1) {
      const engines = testEngines({ one: 0.2 });
      for (const entry of entries.slice(0, cut)) await engines.journal.append(entry);
      const resumed = await new AgentLoop(engines).solve(task, propose, { resume: expected.solveId });
      expect(resumed.outcomes.map(({ candidate, verdict }) => [candidate.id, verdict.passed])).toEqual(
        expected.outcomes.map(({ candidate, verdict }) => [candidate.id, verdict.passed]),
      );
      expect(resumed.spent.tries).toBe(expected.spent.tries);
      const judgedBefore = entries.slice(0, cut).filter(({ type }) => type === "outcome").length;
      expect(engines.sandbox.verified.length).toBe(expected.outcomes.length - judgedBefore);
    }
  });

  it("replays a finished solve to the same solution and refuses an unfinished or unknown one", async () => {
    const engines = testEngines({ b: 0.8 });
    const loop = new AgentLoop(engines);
    const solution = await loop.solve(wordTask(["x"]), rounds([word("a", "x"), word("b")]));
    const told: string[] = [];
    loop.events.onAny((name) => told.push(name));
    expect(await loop.replay(solution.solveId)).toEqual(solution);
    const judged = ["verdict", "learned", "verdict", "learned"];
    expect(told).toEqual(["brief", "proposed", "forecast", "forecast", ...judged, "finished"]);
    expect(engines.sandbox.verified.length).toBe(2);
    await expect(loop.replay("nobody")).rejects.toMatchObject({ code: "SOLVE_UNKNOWN" });
    engines.journal.entries.pop();
    await expect(loop.replay(solution.solveId)).rejects.toMatchObject({ code: "SOLVE_UNFINISHED" });
  });

  it("refuses to resume with another task or another course of events", async () => {
    const engines = testEngines();
    const loop = new AgentLoop(engines);
    const { solveId } = await loop.solve(wordTask(["x"], ["y"]), rounds([word("a", "xy")]));
    await expect(loop.solve(wordTask(["x"], ["other"]), rounds(), { resume: solveId })).rejects.toMatchObject(
      {
        code: "SOLVE_MISMATCH",
      },
    );
  });

  it("holds nothing of the hidden tests, and neither does anything the agent sees", async () => {
    const secret = "MARKER-7f3a";
    const engines = testEngines();
    const logged: unknown[] = [];
    const log = (fields: object, message: string) => void logged.push(fields, message);
    const asked: unknown[] = [];
    const { learner } = engines;
    const forecast = learner.forecast.bind(learner);
    learner.forecast = async (task, candidate) => {
      asked.push(task);
      return forecast(task, candidate);
    };
    const loop = new AgentLoop(engines, { logger: { debug: log, info: log, warn: log, error: log } });
    const seen: unknown[] = [];
    loop.events.onAny((name, data) => seen.push(name, data));
    const solution = await loop.solve(wordTask(["a"], [secret]), async (brief, feedback, context) => {
      seen.push(brief, feedback);
      return context.round < 3 ? word(`c${context.round}`, "a") : [];
    });
    const { text } = await loop.explain(solution.best?.id ?? "");
    const everything = JSON.stringify([
      seen,
      logged,
      engines.journal.entries,
      engines.learner.learned,
      solution,
      text,
    ]);
    expect(everything).not.toContain(secret);
    expect(everything).toContain("hidden 1");
    expect(solution.feedback?.text).toContain("judge did not accept");
  });
});
