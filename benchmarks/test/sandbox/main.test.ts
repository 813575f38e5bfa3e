import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../sandbox/main.js";

let out = "";
let err = "";
let temporary: string | undefined;

beforeEach(() => {
  [out, err] = ["", ""];
  temporary = process.env["TMPDIR"];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  if (temporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = temporary;
});

test.each([
  [["--scale", "0"], "--scale must be"],
  [["--runs", "1.5"], '"1.5"'],
  [["--only", "latency,speed"], "unknown parts: speed"],
  [["--fast"], "--fast"],
  [["data"], "data"],
])("wrong arguments %j are refused with the usage", async (args, message) => {
  expect(await main(args)).toBe(2);
  expect(err).toContain(message);
  expect(err).toContain("Usage: pnpm bench sandbox");
});

test("--help prints the usage", async () => {
  expect(await main(["--help"])).toBe(0);
  expect(out).toContain("--only LIST");
});

test("a part is measured, printed and written; what it worked in is gone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentos-bench-test-"));
  const json = join(folder, "metrics.json");
  expect(await main(["--only", "accounting", "--scale", "0.1", "--json", json]), err).toBe(0);
  const { metrics } = JSON.parse(readFileSync(json, "utf8")) as { metrics: Record<string, { unit: string }> };
  rmSync(folder, { recursive: true });
  // Absent where control groups cannot be read, and never anything else.
  for (const [name, { unit }] of Object.entries(metrics)) {
    expect(["cpu_accounting_error_pct", "memory_accounting_error_pct"]).toContain(name);
    expect(unit).toBe("pct");
    expect(out).toContain(name);
  }
  expect(out).toMatch(/metric +value +unit/);
}, 120_000);

test("an interrupt cancels", async () => {
  const running = main(["--only", "leftovers", "--runs", "100000"]);
  await vi.waitFor(() => expect(err).toContain("leftovers: 0/"), { timeout: 60_000 });
  process.emit("SIGINT");
  expect(await running).toBe(130);
  expect(err).toContain("Cancelled.");
}, 120_000);
