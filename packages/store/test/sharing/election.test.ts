import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { oneAtATime } from "../../src/sharing/election.js";
import { makePlace, pathNamed } from "../../src/sharing/meeting-place.js";

const NEVER = new AbortController().signal;

test("while one is at work the others wait, and do nothing", async () => {
  const place = await makePlace();
  let working = 0;
  const work = async (): Promise<string> => {
    working += 1;
    expect(working).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    working -= 1;
    return "done";
  };
  const started = performance.now();
  const results = await Promise.all(Array.from({ length: 5 }, () => oneAtATime(place, NEVER, work)));
  expect(results.filter((result) => result === "done").length).toBe(1);
  expect(results.filter((result) => result === undefined).length).toBe(4);
  expect(performance.now() - started).toBeGreaterThan(290);
  expect(await oneAtATime(place, NEVER, work)).toBe("done");
  await expect(oneAtATime(place, NEVER, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
  expect(await oneAtATime(place, NEVER, work)).toBe("done");
});

test("one that died as a candidate holds up nobody, and a wait ends with its signal", async () => {
  const place = await makePlace();
  const path = pathNamed(createHash("sha256").update(`heir 0 ${place.token}`).digest("hex"));
  const program = `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("ready"))`;
  const candidate = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => candidate.stdout.once("data", resolve));
  const started = performance.now();
  expect(await oneAtATime(place, AbortSignal.timeout(100), async () => "done")).toBe(undefined);
  expect(performance.now() - started).toBeLessThan(2_000);
  const waiting = oneAtATime(place, NEVER, async () => "done");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const gone = new Promise((resolve) => candidate.once("close", resolve));
  candidate.kill("SIGKILL");
  expect(await waiting).toBe(undefined);
  expect(existsSync(path)).toBe(true);
  // A process that dies lets go of one socket after the other.
  await gone;
  expect(await oneAtATime(place, NEVER, async () => "done")).toBe("done");
});
