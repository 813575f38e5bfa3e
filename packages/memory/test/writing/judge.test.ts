import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "../../src/index.js";

describe("judge", () => {
  test.each([
    ["Gradle needs JDK 17 to build the shop.", "To build the shop, Gradle requires JDK 17."],
    ["The queue is polled every 30 seconds.", "Every 30 s the queue is polled."],
    ["Use Vite, not webpack.", "Use Vite instead of webpack."],
    ["The linter forbids console.log.", "console.log is forbidden by the linter."],
    ["Colours are initialised in theme.ts.", "theme.ts initializes the colors."],
    ["if (a) { b(); }", "if (a) {\n  b();\n}"],
    ["Логи хранятся 14 дней.", "Логи  хранятся 14 дней."],
  ])("merges %j and %j, both ways", (old, said) => {
    expect([judge(old, said).verdict, judge(said, old).verdict]).toEqual(["merge", "merge"]);
  });

  test.each([
    // Values and names.
    ["The queue is polled every 30 seconds.", "The queue is polled every 30 minutes."],
    ["The queue is polled every 30 seconds.", "The queue is polled for 30 seconds."],
    ["Set retries to -1.", "Set retries to 1."],
    ["Use image node:20.", "Use image node:20-slim."],
    ["Call loadUser before render.", "Call loadUsers before render."],
    ["Jobs go to queue A.", "Jobs go to queue B."],
    ["GET /orders needs the admin role.", "PUT /orders needs the admin role."],
    // Places and sides.
    ["Go services log with zap.", "Services log with zap."],
    ["Enable tracing in production.", "Enable tracing in the product."],
    ["Copy the dump from the bucket.", "Copy the dump to the bucket."],
    ["Requires Docker and Podman.", "Requires Docker or Podman."],
    // Order and voice.
    ["Before tests run the linter.", "Before the linter run tests."],
    ["Run the tests before the deploy.", "Run the tests with the deploy."],
    ["The gateway calls the worker.", "The worker calls the gateway."],
    ["The gateway is called by the worker.", "The gateway calls the worker."],
    ["Red is for errors and yellow for warnings.", "Yellow is for errors and red for warnings."],
    // Denials, moods, tenses.
    ["Retries are not safe.", "Retries are safe."],
    ["Users without a licence can export.", "Users with a licence cannot export."],
    ["Tests may use the network.", "Tests use the network."],
    ["You must squash commits.", "You can squash commits."],
    ["The default branch was master.", "The default branch is master."],
    ["We used to deploy with Jenkins.", "We deploy with Jenkins."],
    ["Explain what, not why.", "Explain why, not what."],
    ["Turn the cache on.", "Turn the cache off."],
    // Code.
    ["if (a > b) { c(); }", "if (b > a) { c(); }"],
    ["if x:\n    a()\n    b()", "if x:\n    a()\nb()"],
    ["x = 'a b'", "x = 'ab'"],
    ["a = b // c\nd = e", "a = b // c d = e"],
    ["constructor is empty", "prototype is empty"],
    // Nothing to go by.
    ["it is", "they are"],
    ["部署前运行测试。", "部署后运行测试。"],
  ])("keeps %j and %j, both ways", (old, said) => {
    expect(judge(old, said).verdict).not.toBe("merge");
    expect(judge(said, old).verdict).not.toBe("merge");
  });

  test("says what another value, a denial and another thing is", () => {
    expect(judge("The API listens on port 8080.", "The API listens on port 8081.")).toEqual({
      verdict: "supersedes",
      reasons: ['only the old one has "8080"', 'only the new one has "8081"'],
    });
    expect(judge("The frontend is built with webpack.", "The frontend is built with Vite.").verdict).toBe(
      "supersedes",
    );
    expect(judge("We deploy from main.", "We don't deploy from main.").verdict).toBe("contradicts");
    expect(judge("Nulls are sorted last.", "Nulls are sorted first.").verdict).toBe("contradicts");
    expect(judge("测试需要网络。", "测试不需要网络。").verdict).toBe("contradicts");
    expect(judge("The read timeout is 5 s.", "The write timeout is 5 s.").verdict).toBe("apart");
    expect(judge("Bananas are yellow.", "The API listens on port 8081.").verdict).toBe("apart");
  });

  test("a text is itself whatever it is, and a number more is never merged", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 80 }),
      fc.string({ unit: "binary", maxLength: 80 }),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 2, max: 1e6 }), (one, other, number) => {
        expect(judge(one, one).verdict).toBe("merge");
        expect(["merge", "supersedes", "contradicts", "apart"]).toContain(judge(one, other).verdict);
        expect(judge(one, `${one} 777${number}`).verdict).not.toBe("merge");
        const forth = judge(one, other).verdict === "merge";
        expect(judge(other, one).verdict === "merge").toBe(forth);
      }),
      { numRuns: 300 },
    );
  });

  test("long hostile texts are answered at once", () => {
    for (const unit of [
      "before ",
      "not, ",
      "a and ",
      "prefer over ",
      "`x",
      "9 s ",
      "A-b-",
      "{ ",
      "instead of ",
    ]) {
      const long = unit.repeat(Math.floor(4_000 / unit.length));
      const started = process.cpuUsage();
      judge(long, `${long.slice(0, -8)}1`);
      judge(unit.repeat(200_000), unit.repeat(200_001));
      expect(process.cpuUsage(started).user / 1000, unit).toBeLessThan(1_500);
    }
  });
});
