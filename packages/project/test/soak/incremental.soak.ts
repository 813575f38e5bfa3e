import { testSequences } from "../incremental-sequences.js";

/** 1,000 where the soak asks for 10,000 runs. */
testSequences(Number(process.env["AGENTOS_SOAK_RUNS"] ?? 10_000) / 10);
