import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Sandbox } from "@agentos/sandbox";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, times, withSandbox } from "./context.js";
import { judged, samples } from "./samples.js";

const IMAGE = "python:3-slim";
const run = promisify(execFile);

/** `docker run` of a Python that does what a verdict does, beside that verdict: one-shot, and on a sandbox started ahead. */
export async function dockerPart(context: BenchContext): Promise<PartResult> {
  if (!runs(context, "namespace", "python")) {
    return { metrics: [], notes: ["docker: not measured, namespace does not run Python here"] };
  }
  const image = await findImage();
  if (image === undefined) {
    return {
      metrics: [],
      notes: [
        `docker: not measured, no docker daemon answers with an image of Python (docker pull ${IMAGE}, or see the README)`,
      ],
    };
  }
  const { python } = samples(context.cacheDir);
  const count = times(context, 12);
  const progress = new Progress(context.progress, "docker run", count);
  const [docker, oneShot, warm]: [number[], number[], number[]] = [[], [], []];
  const program = Object.entries(python.bare.files)
    .map(([path, text]) => `open(${JSON.stringify(path)}, 'w').write(${JSON.stringify(text)})`)
    .join("; ");
  const command = ["python3", "-B", "-c", `${program}\nimport unittest\nunittest.main('test_double')`];
  const options = ["--rm", "--network=none", "--memory=512m", "--pids-limit=256", "--workdir=/tmp"];
  const verdict = (sandbox: Sandbox) => judged(sandbox, python, "shared", context.signal);
  try {
    await withSandbox(context, "namespace", { spares: 0 }, (cold) =>
      withSandbox(context, "namespace", { spares: 1 }, async (ready) => {
        for (const sandbox of [cold, ready]) await verdict(sandbox);
        for (let index = 0; index < count; index++) {
          oneShot.push(await verdict(cold));
          const started = performance.now();
          await run("docker", ["run", ...options, image, ...command], { signal: context.signal });
          docker.push(performance.now() - started);
          // While the container ran, the sandbox that is started ahead was made.
          warm.push(await verdict(ready));
          progress.tick();
        }
      }),
    );
  } finally {
    progress.end();
  }
  const [inDocker, cold, ready] = [docker, oneShot, warm].map((list) => quantile(list, 0.5)) as [
    number,
    number,
    number,
  ];
  const metrics: readonly Metric[] = [
    { name: "docker_run_over_oneshot", value: inDocker / cold, unit: "ratio" },
    { name: "docker_run_over_warm", value: inDocker / ready, unit: "ratio" },
  ];
  return {
    metrics,
    notes: [
      `docker: p50 of run ${inDocker.toFixed(0)} ms of ${image}, one-shot ${cold.toFixed(1)} ms, warm ${ready.toFixed(1)} ms`,
    ],
  };
}

/** An image that is here already: nothing is downloaded. */
async function findImage(): Promise<string | undefined> {
  try {
    const { stdout } = await run("docker", ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]);
    return stdout.split("\n").find((name) => /^python:/.test(name));
  } catch {
    return undefined;
  }
}
