// Waits in a sandbox that was started ahead, gets its files, and becomes the program that they are for. Started as
// `warm.mjs program|tests|framework|candidate`; the protocol is that of warm.py.
import { closeSync, mkdirSync, readSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { runMain } from "node:module";
import { dirname } from "node:path";

const [, , kind] = process.argv;
let runFile;
if (kind === "tests" || kind === "framework") {
  await import("node:assert/strict");
  ({ runFile } = await import("./harness.mjs"));
  await import("./judge.mjs");
  await import("./cheats.mjs");
}
if (kind === "framework") {
  // One test ahead, of which nobody is told: node:test loads most of itself, and the reporter, only then.
  const { test } = await import("node:test");
  const { state, WARM_UP } = await import("./report.mjs");
  await test(WARM_UP, () => {});
  while (!state.warmedUp) await new Promise((resolve) => setTimeout(resolve, 1));
}
if (kind === "candidate") {
  await import("./remote.mjs");
  await import("./link.mjs");
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
if (!channel) closeSync(3);
process.argv.splice(1, process.argv.length, script, ...args);
if (kind === "program") runMain(script);
else if (runFile) await runFile(...args);
else await import(script);
