// 1,000 kills and 1,000 power cuts; `npm test` has a few of each.
process.env["AGENTOS_CRASH_RUNS"] ??= "1000";
await import("../crash.test.js");

export {};
