// One run in an isolate. Loads, says that it is ready, waits for its job, runs it, and ends.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type * as IsolatedVm from "isolated-vm";
import { EngineStop } from "../javascript/engine.js";
import { IsolateEngine } from "../javascript/isolate-engine.js";
import { JobFiles } from "../javascript/job-files.js";
import { runProgram } from "../javascript/program.js";
import { broken, dropPrivileges, end, print, receiveJob, sleep, tellText } from "../one-shot/child-side.js";

/** After the host's own limit, in milliseconds: a child whose host was killed ends by itself. */
const GRACE_MS = 2000;

function main(): void {
  const library = createRequire(import.meta.url)("isolated-vm") as typeof IsolatedVm;
  const realm = readFileSync(new URL("./realm.js", import.meta.url), "utf8");
  // The first isolate of a process costs more than the next ones.
  new library.Isolate({ memoryLimit: 8 }).dispose();
  dropPrivileges();
  const job = receiveJob();
  const now = (): number => performance.now();
  const engine = new IsolateEngine({
    library,
    realm,
    memoryBytes: job.limits.memoryBytes,
    deadline: now() + job.limits.wallMs + GRACE_MS,
    onCatastrophe: () => end({ status: "memory" }),
  });
  const files = new JobFiles(job.files, job.problems);
  end(runProgram(engine, job, files, { write: print, report: tellText, end, now, sleep }));
}

try {
  main();
} catch (error) {
  if (error instanceof EngineStop) end({ status: error.status });
  broken(error);
}
