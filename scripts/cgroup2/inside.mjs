// Runs in the virtual machine of run.mjs: the driver's conformance suite, and what its control groups count and hold.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { namespaceDriver, Sandbox } from "@agentos/sandbox";
import { driverConformance } from "@agentos/sandbox/conformance";

const MEBIBYTE = 1024 * 1024;
const cacheDir = "/tmp/cache";
mkdirSync(cacheDir);
const counts = { passed: 0, failed: 0, skipped: 0 };

async function attempt(name, body) {
  const started = performance.now();
  try {
    await body();
    counts.passed += 1;
    console.log(`ok ${name} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

await attempt("control groups are of version 2 alone", () => {
  const types = readFileSync("/proc/self/mountinfo", "utf8").match(/(?<= - )cgroup2?(?= )/g);
  assert.deepEqual(types, ["cgroup2"]);
  assert.match(readFileSync("/proc/self/cgroup", "utf8"), /^0::\/delegated\n$/);
});

const availability = await namespaceDriver.probe({ cacheDir });
console.log(JSON.stringify(availability));
await attempt("the driver works and promises memory", () => {
  assert.equal(availability.available, true);
  assert.ok(availability.guarantees.includes("memory"));
});
if (availability.available) {
  await accounting();
  const driver = await namespaceDriver.open({ cacheDir, spares: 0 });
  // Python first: Node starts slowly where the processor is emulated.
  const items = [...driverConformance(driver, { patienceMs: 300_000 })];
  items.sort((one, other) => Number(other.name.startsWith("python")) - Number(one.name.startsWith("python")));
  for (const item of items) {
    if (item.skip) {
      counts.skipped += 1;
      continue;
    }
    await attempt(item.name, () => item.run());
  }
  await driver.close();
  await attempt("no control group is left", () => {
    const left = readdirSync("/sys/fs/cgroup/delegated").filter((name) => /^agentos\.\d/.test(name));
    assert.deepEqual(left, []);
  });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

async function accounting() {
  const sandbox = await Sandbox.open({ cacheDir, drivers: [namespaceDriver], spares: 0 });
  const run = (program, limits = {}) =>
    sandbox.run({
      language: "python",
      files: { "main.py": program },
      entry: "main.py",
      limits: { wallMs: 300_000, memoryBytes: 512 * MEBIBYTE, ...limits },
    });
  await attempt("a result names version 2", async () => {
    assert.match((await run("print(1)")).enforced.join(), /cgroup v2/);
  });
  await attempt("memory split over forks is labelled memory", async () => {
    const program =
      "import os, time\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(b'x') * (40 * 2**20)\n    time.sleep(30)\n    os._exit(0)\nif any([os.wait()[1] for i in range(8)]): raise SystemExit(1)";
    assert.equal((await run(program, { memoryBytes: 128 * MEBIBYTE })).status, "memory");
  });
  // Long enough that what starts the program, which is ten times slower where the processor is emulated, does not count.
  await attempt("CPU time is within 5 % of the truth", async () => {
    const result = await run(
      "import os, resource, time\nwhile time.process_time() < 10: sum(range(1000))\nprint(time.process_time())",
    );
    const truth = 1000 * Number(result.stdout);
    within(result.usage.cpuMs, truth, 5);
  });
  await attempt("peak memory is within 10 % of the truth", async () => {
    const result = await run(
      "kept = bytearray(b'x') * (200 * 2**20)\nfacts = dict(line.split(':') for line in open('/proc/self/status').read().strip().split('\\n'))\nprint(sum(int(facts[name].split()[0]) for name in ('RssAnon', 'RssShmem', 'VmPTE')) * 1024)",
    );
    within(result.usage.peakMemoryBytes, Number(result.stdout), 10);
  });
  await sandbox.close();
}

function within(counted, truth, percent) {
  assert.ok(counted !== undefined, "the driver measures nothing");
  const error = (100 * Math.abs(counted - truth)) / truth;
  console.log(`  counted ${counted}, truth ${truth}: ${error.toFixed(1)} %`);
  assert.ok(error <= percent, `${error.toFixed(1)} % off`);
}
