import type { RunResult } from "@agentos/core";
import type { Sandbox } from "@agentos/sandbox";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, times, withSandbox } from "./context.js";

const MEBIBYTE = 1024 * 1024;
const TOUCHED_MEBIBYTES = 200;

/** Burns a second of CPU in two processes, and says what the kernel counted for both. */
const BURN = `import os, resource, time
def burn(seconds):
    while time.process_time() < seconds: sum(range(1000))
child = os.fork()
burn(0.5)
if child == 0: os._exit(0)
os.wait()
print(sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))))
`;

/** Touches memory, and says how much anonymous and shared memory it had. */
const TOUCH = `kept = bytearray(b'x') * (${TOUCHED_MEBIBYTES} * 2**20)
facts = dict(line.split(':') for line in open('/proc/self/status').read().strip().split('\\n'))
print(sum(int(facts[name].split()[0]) for name in ('RssAnon', 'RssShmem', 'VmPTE')) * 1024)
`;

/** How far the figures of a run are from what the program itself knows of its CPU time and memory. */
export async function accountingPart(context: BenchContext): Promise<PartResult> {
  if (!runs(context, "namespace", "python")) {
    return { metrics: [], notes: ["accounting: not measured, namespace does not run Python here"] };
  }
  return withSandbox(context, "namespace", {}, async (sandbox) => ({
    metrics: [
      ...(await accountingError(context, sandbox, "cpu_accounting_error_pct", 5, BURN, ({ usage, stdout }) =>
        usage.cpuMs === undefined ? undefined : [usage.cpuMs, 1000 * Number(stdout)],
      )),
      ...(await accountingError(
        context,
        sandbox,
        "memory_accounting_error_pct",
        10,
        TOUCH,
        ({ usage, stdout }) =>
          usage.peakMemoryBytes === undefined ? undefined : [usage.peakMemoryBytes, Number(stdout)],
      )),
    ],
    notes: [],
  }));
}

/** The median of some runs. Absent where the driver measures nothing. */
async function accountingError(
  context: BenchContext,
  sandbox: Sandbox,
  name: string,
  atMost: number,
  program: string,
  read: (result: RunResult) => readonly [counted: number, truth: number] | undefined,
): Promise<readonly Metric[]> {
  const errors: number[] = [];
  const count = times(context, 7);
  const progress = new Progress(context.progress, name, count);
  try {
    for (let index = 0; index < count; index++) {
      const result = await sandbox.run(
        {
          language: "python",
          files: { "main.py": program },
          entry: "main.py",
          limits: { wallMs: 60_000, memoryBytes: 512 * MEBIBYTE },
        },
        { signal: context.signal },
      );
      if (result.status !== "exited" || result.exitCode !== 0) {
        throw new Error(`${name}: the program ended as ${result.status}: ${result.stderr}`);
      }
      const pair = read(result);
      if (pair) errors.push((100 * Math.abs(pair[0] - pair[1])) / pair[1]);
      progress.tick();
    }
  } finally {
    progress.end();
  }
  if (errors.length === 0) return [];
  return [{ name, value: quantile(errors, 0.5), unit: "pct", target: { atMost } }];
}
