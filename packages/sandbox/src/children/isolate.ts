// One run in an isolate. Loads, says that it is ready, waits for its job, runs it, and ends.
// Arguments: the path of isolated-vm, of the realm's script, and the isolate's memory in bytes.
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import process from "node:process";
import type * as IsolatedVm from "isolated-vm";
import { EngineStop } from "../javascript/engine.js";
import { IsolateEngine } from "../javascript/isolate-engine.js";
import { JobFiles } from "../javascript/job-files.js";
import { runProgram } from "../javascript/program.js";
import { readRealmScript } from "../javascript/realm-script.js";
import { warmUp } from "../javascript/warm-up.js";
import {
  broken,
  dropPrivileges,
  end,
  print,
  readInputText,
  receiveFrame,
  receiveJob,
  sendFrame,
  sleep,
  tellText,
} from "../one-shot/child-side.js";

/** After the host's own limit, in milliseconds: a child whose host was killed ends by itself. */
const GRACE_MS = 2000;

function main(): void {
  const [, self = "", library = "", realm = "", memoryBytes = ""] = process.argv;
  const now = (): number => performance.now();
  const engine = new IsolateEngine({
    library: createRequire(self)(library) as typeof IsolatedVm,
    realm: readRealmScript(realm),
    memoryBytes: Number(memoryBytes),
    onCatastrophe: () => end({ status: "memory" }),
    now,
  });
  warmUp(engine, now);
  engine.prepare();
  dropPrivileges();
  const job = receiveJob();
  engine.limit(now() + job.limits.wallMs + GRACE_MS);
  const files = new JobFiles(job.files, job.problems, job.half);
  const link = { send: sendFrame, receive: () => receiveFrame() ?? "" };
  const output = { write: print, report: tellText, readInput: readInputText, ...link, end, now, sleep };
  end(runProgram(engine, job, files, output));
}

try {
  main();
} catch (error) {
  if (error instanceof EngineStop) end({ status: error.status });
  broken(error);
}
