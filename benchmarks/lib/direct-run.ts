import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abortedError, throwIfAborted } from "@agentos/core";

/** A program to be run by its own toolchain, without AgentOS. */
export interface DirectRun {
  readonly command: string;
  readonly args: readonly string[];
  /** Files of its folder by plain name. */
  readonly files: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Address space of each process; needs a POSIX shell. @default unlimited */
  readonly addressSpaceBytes?: number;
  readonly signal?: AbortSignal;
}

/** How a {@link DirectRun} ended. */
export interface DirectResult {
  /** Whether it ended by itself with exit code 0. `undefined`: the command is not installed. */
  readonly passed: boolean | undefined;
  readonly output: string;
}

const OUTPUT_CHARACTERS = 16_384;

/** What a POSIX shell exits with when a command is not found. */
const NOT_FOUND = 127;

/** Runs a program in a fresh folder, which is removed afterwards. It is NOT sandboxed: for published data sets only. */
export async function runDirectly(run: DirectRun): Promise<DirectResult> {
  throwIfAborted(run.signal);
  const folder = await mkdtemp(join(tmpdir(), "agentos-bench-"));
  try {
    await Promise.all(
      Object.entries(run.files).map(([name, content]) => writeFile(join(folder, name), content)),
    );
    return await execute(run, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function execute(run: DirectRun, cwd: string): Promise<DirectResult> {
  const limit = run.addressSpaceBytes ? `ulimit -v ${Math.ceil(run.addressSpaceBytes / 1024)}; ` : "";
  return new Promise((resolve, reject) => {
    // In a group of its own, so that what it starts (`go test` starts the compiled tests) can be ended with it.
    const child = spawn("sh", ["-c", `${limit}exec "$@"`, "sh", run.command, ...run.args], {
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (text: string): void => {
      if (output.length < OUTPUT_CHARACTERS) output += text.slice(0, OUTPUT_CHARACTERS - output.length);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    const end = (): void => endGroup(child.pid);
    const timer = setTimeout(end, run.timeoutMs);
    run.signal?.addEventListener("abort", end);
    const settled = (): void => {
      clearTimeout(timer);
      run.signal?.removeEventListener("abort", end);
      end();
    };
    child.on("error", (error) => {
      settled();
      reject(error);
    });
    child.on("exit", settled);
    child.on("close", (code) => {
      if (run.signal?.aborted) reject(abortedError(run.signal));
      else if (code === NOT_FOUND) resolve({ passed: undefined, output: `${run.command}: not found` });
      else resolve({ passed: code === 0, output });
    });
  });
}

/** Ends what is left of a process group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ESRCH") throw error;
  }
}
