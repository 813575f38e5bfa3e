import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isAgentOSError } from "@agentos/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { HostPlaces } from "../src/host-places.js";
import { secretIn } from "../src/sharing/host-secret.js";

const STORE = new URL("../dist/index.js", import.meta.url);
const PLACES = 3;
/** The places of these tests alone. */
const NAME = `test-${process.pid}`;

async function open(places: number = PLACES): Promise<HostPlaces> {
  const opened = await HostPlaces.open({ places, name: NAME });
  onTestFinished(() => opened.close());
  return opened;
}

/** Whether a promise has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const late = Symbol("late");
  return (await Promise.race([promise.catch(() => undefined), delay(100).then(() => late)])) !== late;
}

describe("within a process", () => {
  test("so many are let in, the others in their turn, and a place that is given up twice is one", async () => {
    const places = await open(2);
    const [first, second] = [await places.enter(), await places.enter()];
    const order: number[] = [];
    const noted = async (number: number) => {
      const leave = await places.enter();
      order.push(number);
      return leave;
    };
    const [third, fourth] = [noted(3), noted(4)];
    expect(await settled(third)).toBe(false);
    first();
    first();
    (await third)();
    (await fourth)();
    expect(order).toEqual([3, 4]);
    second();
  });

  test("who gives up waiting holds nothing, and who waits when it closes is told", async () => {
    const places = await open(1);
    const leave = await places.enter();
    const controller = new AbortController();
    const given = places.enter({ signal: controller.signal });
    controller.abort();
    await expect(given).rejects.toSatisfy((error) => isAgentOSError(error, "ABORTED"));
    await expect(places.enter({ signal: controller.signal })).rejects.toSatisfy((error) =>
      isAgentOSError(error, "ABORTED"),
    );
    leave();
    (await places.enter())();
    const held = await places.enter();
    const waiting = places.enter();
    const told = expect(waiting).rejects.toSatisfy((error) => isAgentOSError(error, "CLOSED"));
    await places.close();
    await told;
    held();
    await expect(places.enter()).rejects.toSatisfy((error) => isAgentOSError(error, "CLOSED"));
    const again = await open(1);
    (await again.enter())();
  });

  test.skipIf(process.platform === "win32")(
    "a secret that is damaged is made anew, one that cannot be is told",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "agentos-secret-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const file = join(folder, "places");
      for (const damaged of ["", "abc", "0".repeat(31), "\0\0\n".repeat(50), `${"f".repeat(32)}x`]) {
        await writeFile(file, damaged);
        const known = await secretIn(file);
        expect(known).toMatch(/^[0-9a-f]{32}$/);
        expect(await secretIn(file)).toBe(known);
      }
      await writeFile(file, "x".repeat(100_000));
      const isTold = (error: unknown) =>
        isAgentOSError(error, "STORE_UNOPENABLE") &&
        error.message.includes(file) &&
        error.message.includes("Remove");
      await expect(secretIn(file)).rejects.toSatisfy(isTold);
      await rm(file);
      await mkdir(file);
      await expect(secretIn(file)).rejects.toSatisfy(isTold);
      await rm(file, { recursive: true });
      await symlink("/etc/hostname", file);
      await expect(secretIn(file)).rejects.toSatisfy(isTold);
    },
  );

  test("processes that begin at once have one secret", async () => {
    const folder = await mkdtemp(join(tmpdir(), "agentos-secret-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const all = await Promise.all(Array.from({ length: 50 }, () => secretIn(join(folder, "places"))));
    expect(new Set(all).size).toBe(1);
  });

  test("wrong options are refused by name", async () => {
    for (const wrong of [{ places: 0 }, { places: 1.5 }, { place: 3 }, { name: "a/b" }, { name: "" }])
      await expect(HostPlaces.open(wrong as never)).rejects.toSatisfy((error) =>
        isAgentOSError(error, "OPTIONS_INVALID"),
      );
  });
});

const PROGRAM = `
import { appendFileSync } from "node:fs";
const [, , store, log, name, rounds] = process.argv;
const { HostPlaces } = await import(store);
const places = await HostPlaces.open({ places: ${PLACES}, name });
for (let round = 0; round < Number(rounds); round += 1) {
  const leave = await places.enter();
  appendFileSync(log, "+" + process.pid + "\\n");
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 6));
  appendFileSync(log, "-" + process.pid + "\\n");
  leave();
}
await places.close();
`;

describe.skipIf(process.platform !== "linux")("among processes", () => {
  test("no more are in at once than there are places, also when some are killed within", async () => {
    if (!existsSync(STORE)) throw new Error(`${fileURLToPath(STORE)} is missing: build first.`);
    const folder = await mkdtemp(join(tmpdir(), "agentos-places-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [program, log] = [join(folder, "program.mjs"), join(folder, "log")];
    await writeFile(program, PROGRAM);
    await writeFile(log, "");
    const start = (rounds: number) => {
      const child = spawn(process.execPath, [program, STORE.href, log, NAME, String(rounds)], {
        stdio: "inherit",
      });
      const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
      return { child, ended };
    };
    const working = Array.from({ length: 6 }, () => start(60));
    const killed = Array.from({ length: 3 }, () => start(100_000));
    await delay(600);
    for (const { child } of killed) child.kill("SIGKILL");
    expect(await Promise.all(working.map(({ ended }) => ended))).toEqual(Array(6).fill(0));
    await Promise.all(killed.map(({ ended }) => ended));
    const lines = (await readFile(log, "utf8")).trim().split("\n");
    // Of a process that was killed within, only the end is missing.
    const last = new Map(lines.map((line, number) => [line.slice(1), number]));
    let within = 0;
    let most = 0;
    for (const [number, line] of lines.entries()) {
      if (line.startsWith("+") && last.get(line.slice(1)) === number) continue;
      within += line.startsWith("+") ? 1 : -1;
      most = Math.max(most, within);
    }
    expect(most).toBe(PLACES);
    for (const { child } of working) expect(lines.filter((line) => line === `+${child.pid}`).length).toBe(60);
    const after = await open();
    const all = await Promise.all(Array.from({ length: PLACES }, () => after.enter()));
    for (const leave of all) leave();
  });

  test("who comes back at once is not always the first, and hears that another waits", async () => {
    const greedy = await open(1);
    const other = await open(1);
    let isOver = false;
    let rounds = 0;
    const looping = (async () => {
      let leave = await greedy.enter();
      while (!isOver) {
        await delay(2);
        leave();
        // Asked for again before anybody can have seen that it was free.
        leave = await greedy.enter();
        rounds += 1;
      }
      leave();
    })();
    await expect.poll(() => rounds).toBeGreaterThan(3);
    const waits: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      const started = performance.now();
      const waiting = other.enter();
      if (count === 0) await expect.poll(() => greedy.wanted(), { interval: 1 }).toBe(true);
      (await waiting)();
      waits.push(performance.now() - started);
    }
    isOver = true;
    await looping;
    expect(Math.max(...waits)).toBeLessThan(500);
    expect(await greedy.wanted()).toBe(false);
  });

  test("one that is stopped while it is the next holds up nobody for good", async () => {
    const places = await open(1);
    const leave = await places.enter();
    const folder = await mkdtemp(join(tmpdir(), "agentos-places-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [program, log] = [join(folder, "program.mjs"), join(folder, "log")];
    await writeFile(program, PROGRAM.replaceAll(`places: ${PLACES}`, "places: 1"));
    const child = spawn(process.execPath, [program, STORE.href, log, NAME, "1"], { stdio: "inherit" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await expect.poll(() => places.wanted(), { timeout: 10_000 }).toBe(true);
    child.kill("SIGSTOP");
    await delay(50);
    leave();
    (await (await open(1)).enter())();
  }, 30_000);

  test("a place of a process that was stopped, and one that another user took, are made up for", async () => {
    const folder = await mkdtemp(join(tmpdir(), "agentos-places-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [program, log] = [join(folder, "program.mjs"), join(folder, "log")];
    await writeFile(
      program,
      PROGRAM.replace("Math.random() * 6", "60_000").replaceAll(`places: ${PLACES}`, "places: 1"),
    );
    await writeFile(log, "");
    const child = spawn(process.execPath, [program, STORE.href, log, NAME, "1"], { stdio: "inherit" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await expect.poll(() => readFile(log, "utf8"), { timeout: 10_000 }).toContain("+");
    const waiting = (await open(1)).enter();
    await delay(2_500);
    // It works, however long.
    expect(await settled(waiting)).toBe(false);
    child.kill("SIGSTOP");
    const leave = await waiting;
    // It is one place all the same.
    const next = (await open(1)).enter();
    expect(await settled(next)).toBe(false);
    leave();
    (await next)();
  }, 30_000);

  test.skipIf(process.getuid?.() !== 0)(
    "names that another user took hold up nobody",
    async () => {
      const places = await open(1);
      const held = await places.enter();
      const names = (await readFile("/proc/net/unix", "latin1")).match(new RegExp(`agentos-\\w+-${NAME}-0`));
      held();
      const squatter = spawn(
        process.execPath,
        [
          "-e",
          `for (const of of ["turn", "0"]) for (let number = 0; number < 4; number += 1)
          require("node:net").createServer().listen("\\0" + ${JSON.stringify(names?.[0])}.replace(/0$/, of) + "." + number);
        setTimeout(() => console.log("ready"), 200);`,
        ],
        { uid: 12_346, gid: 12_346, stdio: ["ignore", "pipe", "inherit"] },
      );
      onTestFinished(() => void squatter.kill("SIGKILL"));
      await new Promise((resolve) => squatter.stdout.once("data", resolve));
      const started = performance.now();
      const leave = await places.enter();
      expect(performance.now() - started).toBeGreaterThan(500);
      // Within this process it is one place all the same.
      const next = places.enter();
      expect(await settled(next)).toBe(false);
      leave();
      (await next)();
    },
    30_000,
  );

  test("another process waits for the place of this one, and has it when this one leaves", async () => {
    const places = await open(1);
    const leave = await places.enter();
    const other = await open(1);
    const waiting = other.enter();
    expect(await settled(waiting)).toBe(false);
    leave();
    (await waiting)();
  });
});
