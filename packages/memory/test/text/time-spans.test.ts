import { expect, test } from "vitest";
import { timeSpans } from "../../src/text/time-spans.js";

const NOW = Date.parse("2026-03-02T09:00:00Z");

function spans(question: string): readonly string[] {
  const day = (time: number): string =>
    Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : "…";
  return timeSpans(question, NOW).map(({ from, to }) => `${day(from)} ${day(to)}`);
}

test.each([
  ["what broke on 11 June?", "2025-06-11 2025-06-15"],
  ["what broke on June 11th, 2024", "2024-06-11 2024-06-15"],
  ["was war am 11. Juni 2025", "2025-06-11 2025-06-15"],
  ["2025-06-11", "2025-06-11 2025-06-15"],
  ["releases of 2025-06", "2025-06-01 2025-07-01"],
  ["the outage in may", "2025-05-01 2025-06-01"],
  ["since November", "2025-11-01 2026-03-02"],
  ["before April", "… 2025-04-01"],
  ["before the summer of 2025", "… 2025-06-01"],
  ["Q3 2025", "2025-07-01 2025-10-01"],
  ["in 2025", "2025-01-01 2026-01-01"],
  ["what changed yesterday", "2026-03-01 2026-03-05"],
  ["what changed last week", "2026-02-16 2026-03-02"],
  ["3 days ago", "2026-02-26 2026-02-28"],
  ["vor zwei Wochen", "2026-02-09 2026-02-23"],
  ["im Dezember", "2025-12-01 2026-01-01"],
])("%s", (question, span) => {
  expect(spans(question)).toEqual([span]);
});

test("the month that it is now may be that of last year", () => {
  expect(spans("what broke in March?")).toEqual(["2025-03-01 2025-04-01", "2026-03-01 2026-04-01"]);
});

test.each([
  "you may march on",
  "port 2025",
  "spring boot",
  "error 2025-13",
  "ids such as 12025-06-11x",
  "a decade of marching",
  "the second try",
])("no time is read into %j", (question) => {
  expect(spans(question)).toEqual([]);
});

test("a long question takes no time that grows by itself", () => {
  const started = performance.now();
  timeSpans("since the ".repeat(20_000), NOW);
  timeSpans(" ".repeat(200_000), NOW);
  timeSpans(`${"1".repeat(100_000)} may`, NOW);
  timeSpans("in may ".repeat(5_000), NOW);
  expect(performance.now() - started).toBeLessThan(3_000);
});
