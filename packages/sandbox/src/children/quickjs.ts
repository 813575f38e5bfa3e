// One run in QuickJS. Loads, says that it is ready, waits for its job, runs it, and ends.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { EngineStop } from "../javascript/engine.js";
import { JobFiles } from "../javascript/job-files.js";
import { runProgram } from "../javascript/program.js";
import { QuickJsEngine } from "../javascript/quickjs-engine.js";
import { wasm } from "../javascript/web-assembly.js";
import { broken, dropPrivileges, end, print, receiveJob, sleep, tellText } from "../one-shot/child-side.js";

/** After the host's own limit, in milliseconds: a child whose host was killed ends by itself. */
const GRACE_MS = 2000;

async function main(): Promise<void> {
  const library = createRequire(createRequire(import.meta.url).resolve("quickjs-emscripten"));
  const bytes = readFileSync(library.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
  const realm = readFileSync(new URL("./realm.js", import.meta.url), "utf8");
  const now = (): number => performance.now();
  const engine = await QuickJsEngine.load({ wasm: bytes, realm, now });
  dropPrivileges();
  const job = receiveJob();
  engine.limit(job.limits.memoryBytes, now() + job.limits.wallMs + GRACE_MS);
  const files = new JobFiles(job.files, job.problems);
  end(runProgram(engine, job, files, { write: print, report: tellText, end, now, sleep }));
}

main().catch((error: unknown) => {
  if (error instanceof EngineStop) end({ status: error.status });
  // The engine itself ran out of stack or memory; its state is lost, and the program with it.
  if (!(error instanceof RangeError || error instanceof wasm.RuntimeError)) broken(error);
  print(2, `${error.name}: ${error.message}\n`);
  end({ status: "exited", exitCode: 1 });
});
