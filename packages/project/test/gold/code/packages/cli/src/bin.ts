#!/usr/bin/env node
import { text } from "node:stream/consumers";
import { runCli } from "./run.js";

const controller = new AbortController();
for (const [name, reason] of [
  ["SIGINT", "interrupted"],
  ["SIGTERM", "terminated"],
] as const) {
  process.on(name, () => {
    // A second one means that the first was not quick enough.
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error(reason));
  });
}
for (const stream of [process.stdout, process.stderr]) {
  // A reader that has seen enough, such as head, is no fault.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    // A full disk behind it, for example. What was done is done; only the words are lost.
    if (stream === process.stdout)
      process.stderr.write(`agentos: the output could not be written: ${error.message}\n`);
    process.exit(3);
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  readStdin: () => text(process.stdin),
  signal: controller.signal,
});
