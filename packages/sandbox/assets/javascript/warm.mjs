// Waits in a sandbox that was started ahead, gets its files, and becomes the program that they are for: the arguments are
// `program|tests|framework|judge|framework-judge|candidate [known]`. The protocol is that of warm.py.
import { closeSync, mkdirSync, readSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { runMain } from "node:module";
import { dirname } from "node:path";
import { state, WARM_UP } from "./report.mjs";
import { leaveQuickly, runFile } from "./run-file.mjs";

/** Loads what a job of that kind may need, and runs what runs then, so that it has been compiled. */
async function prepare(kind) {
  if (kind === "candidate") {
    (await import("/harness/separate.mjs")).warmUp();
    return;
  }
  if (kind === "program") return;
  await import("node:assert/strict");
  if (kind.endsWith("judge")) (await import("/harness/judge.mjs")).warmUp();
  if (!kind.startsWith("framework")) return;
  // One test ahead, of which nobody is told: node:test loads most of itself, and the reporter, only then.
  const { test } = await import("node:test");
  await test(WARM_UP, () => {});
  while (!state.warmedUp) await new Promise((resolve) => setTimeout(resolve, 1));
}

function read(size) {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const count = readSync(4, bytes, at, size - at, null);
    // The host gave this sandbox up.
    if (count === 0) process.exit(0);
    at += count;
  }
  return bytes;
}

export async function wait(kind, known) {
  if (known === undefined) await prepare(kind);
  writeSync(3, "ready\n");
  const {
    files,
    links,
    script,
    arguments: args,
    channel,
  } = JSON.parse(read(read(4).readUInt32LE()).toString());
  for (const [path, size] of files) {
    mkdirSync(dirname(`/${path}`), { recursive: true });
    writeFileSync(`/${path}`, read(size));
  }
  for (const [path, target] of links) {
    mkdirSync(dirname(`/${path}`), { recursive: true });
    symlinkSync(target, `/${path}`);
  }
  closeSync(4);
  writeSync(3, "begun\n");
  if (!channel) closeSync(3);
  if (kind === "candidate") return (await import("/harness/separate.mjs")).serve(...args);
  if (kind !== "program") {
    leaveQuickly();
    return runFile(...args);
  }
  process.argv.splice(1, process.argv.length, script, ...args);
  runMain(script);
}
