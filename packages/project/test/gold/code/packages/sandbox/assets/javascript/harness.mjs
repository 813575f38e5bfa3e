// What Node starts in a sandbox, and its reporter of node:test. Built into one file: each module more costs time at every
// start. `test nonce label path style half` runs one test file; `half json` is the candidate's half of a separated verdict;
// `wait …` is in warm.mjs.
import { runFile } from "./run-file.mjs";
import { wait } from "./warm.mjs";

export { default } from "./reporter.mjs";

const [, , mode, ...words] = process.argv;
// Not awaited: the reporter, which is this very module, can be had only when all of its text has run.
if (mode === "test") runFile(...words);
else if (mode === "half") import("/harness/separate.mjs").then(({ serve }) => serve(...words));
else wait(...words);
