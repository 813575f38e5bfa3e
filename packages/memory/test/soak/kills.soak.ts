// 1,000 kills of a memory's owner under three processes; `npm test` has a few.
process.env["AGENTOS_MEMORY_KILLS"] ??= String(
  Math.max(1, Math.round(Number(process.env["AGENTOS_SOAK_RUNS"] ?? 10_000) / 10)),
);
await import("../shared.test.js");

export {};
