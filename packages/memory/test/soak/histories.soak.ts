// 10,000 histories with questions to the past; `npm test` has 60.
process.env["AGENTOS_MEMORY_HISTORIES"] ??= process.env["AGENTOS_SOAK_RUNS"] ?? "10000";
await import("../past.property.test.js");

export {};
