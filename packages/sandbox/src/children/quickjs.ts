// One run in QuickJS. Loads, says that it is ready, waits for its job, runs it, and ends. Argument: the path of the realm's
// script.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { EngineStop } from "../javascript/engine.js";
import { JobFiles } from "../javascript/job-files.js";
import { runProgram } from "../javascript/program.js";
import { QuickJsEngine } from "../javascript/quickjs-engine.js";
import { readRealmScript } from "../javascript/realm-script.js";
import { warmUp } from "../javascript/warm-up.js";
import { wasm } from "../javascript/web-assembly.js";
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

async function main(): Promise<void> {
  const [, self = "", realm = ""] = process.argv;
  const library = createRequire(createRequire(self).resolve("quickjs-emscripten"));
  const bytes = readFileSync(library.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
  const now = (): number => performance.now();
  const engine = await QuickJsEngine.load({ wasm: bytes, realm: readRealmScript(realm), now });
  warmUp(engine, now, 1);
  engine.prepare();
  dropPrivileges();
  const job = receiveJob();
  engine.limit(job.limits.memoryBytes, now() + job.limits.wallMs + GRACE_MS);
  const files = new JobFiles(job.files, job.problems, job.half);
  end(
    runProgram(engine, job, files, {
      write: print,
      report: tellText,
      readInput: readInputText,
      send: sendFrame,
      receive: () => receiveFrame() ?? "",
      end,
      now,
      sleep,
    }),
  );
}

main().catch((error: unknown) => {
  if (error instanceof EngineStop) end({ status: error.status });
  // The engine itself ran out of stack or memory; its state is lost, and the program with it.
  if (!(error instanceof RangeError || error instanceof wasm.RuntimeError)) broken(error);
  print(2, `${error.name}: ${error.message}\n`);
  end({ status: "exited", exitCode: 1 });
});
