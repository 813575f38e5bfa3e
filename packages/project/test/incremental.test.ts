import { testSequences } from "./incremental-sequences.js";

testSequences(100);
