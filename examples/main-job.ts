// The main job: opens AgentOS on this repository, indexes it and works through examples/tasks.
// Usage: node dist/main-job.js [--dir DIR] [--project DIR] [--from DIR] [--tasks ID,ID] [--concurrency N] [--json FILE]
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isAgentOSError } from "@agentos/core";
import { runJob } from "./main-job/job.js";
import { writeFigures } from "./main-job/json.js";
import { printReport } from "./main-job/report.js";
import { Screen } from "./main-job/screen.js";

// The same place from here and from dist/.
const examples = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "." : "..", import.meta.url));

process.exitCode = await main(process.argv.slice(2));

/** 0: done, 1: a label disagrees or something is broken, 2: wrong usage, 130: cancelled. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  const cancel = new AbortController();
  const onInterrupt = (): void => {
    // A second Ctrl-C does not wait for what is under way.
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
  };
  process.on("SIGINT", onInterrupt);
  try {
    const screen = new Screen(process.stdout);
    const figures = await runJob({ ...options.job, screen, signal: cancel.signal });
    printReport(figures, screen);
    if (options.json !== undefined) await writeFigures(options.json, figures);
    return figures.disagreements.length === 0 ? 0 : 1;
  } catch (error) {
    if (cancel.signal.aborted) {
      console.error("Cancelled. What was learned until now is kept.");
      return 130;
    }
    const expected = isAgentOSError(error) ? `${error.code}: ${error.message}` : undefined;
    console.error(expected ?? (error instanceof RangeError ? error.message : error));
    return 1;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

interface MainOptions {
  readonly job: Omit<Parameters<typeof runJob>[0], "screen" | "signal">;
  readonly json: string | undefined;
}

function readOptions(args: readonly string[]): MainOptions | undefined {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { dir: text, project: text, from: text, tasks: text, concurrency: text, json: text },
    });
    const concurrency =
      values.concurrency === undefined ? availableParallelism() : Number(values.concurrency);
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new RangeError("--concurrency must be a whole number of at least 1.");
    }
    const project = resolve(values.project ?? join(examples, ".."));
    return {
      job: {
        project,
        dir: resolve(values.dir ?? join(project, ".agentos")),
        tasks: resolve(values.from ?? join(examples, "tasks")),
        concurrency,
        ...(values.tasks !== undefined && { only: values.tasks.split(",") }),
      },
      json: values.json === undefined ? undefined : resolve(values.json),
    };
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}
