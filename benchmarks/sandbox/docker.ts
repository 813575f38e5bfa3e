import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, times, withSandbox } from "./context.js";
import { judged, samples } from "./samples.js";

const IMAGE = "python:3-slim";
const run = promisify(execFile);

/** `docker run` of a Python that does what the one-shot verdict does, beside that verdict. */
export async function dockerPart(context: BenchContext): Promise<PartResult> {
  if (!runs(context, "namespace", "python")) {
    return { metrics: [], notes: ["docker: not measured, namespace does not run Python here"] };
  }
  const image = await findImage();
  if (image === undefined) {
    return {
      metrics: [],
      notes: [
        `docker: not measured, no docker daemon answers with an image of Python (docker pull ${IMAGE})`,
      ],
    };
  }
  const { python } = samples(context.cacheDir);
  const count = times(context, 12);
  const progress = new Progress(context.progress, "docker run", count);
  const [docker, oneShot]: [number[], number[]] = [[], []];
  const program = Object.entries(python.bare.files)
    .map(([path, text]) => `open(${JSON.stringify(path)}, 'w').write(${JSON.stringify(text)})`)
    .join("; ");
  try {
    await withSandbox(context, "namespace", { spares: 0 }, async (sandbox) => {
      await judged(sandbox, python, "shared", context.signal);
      for (let index = 0; index < count; index++) {
        oneShot.push(await judged(sandbox, python, "shared", context.signal));
        const started = performance.now();
        const command = ["python3", "-B", "-c", `${program}\nimport unittest\nunittest.main('test_double')`];
        const options = ["--rm", "--network=none", "--memory=512m", "--pids-limit=256", "--workdir=/tmp"];
        await run("docker", ["run", ...options, image, ...command], { signal: context.signal });
        docker.push(performance.now() - started);
        progress.tick();
      }
    });
  } finally {
    progress.end();
  }
  const metric: Metric = {
    name: "docker_run_over_oneshot",
    value: quantile(docker, 0.5) / quantile(oneShot, 0.5),
    unit: "ratio",
  };
  return { metrics: [metric], notes: [`docker: run p50 ${quantile(docker, 0.5).toFixed(0)} ms of ${image}`] };
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
