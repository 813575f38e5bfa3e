import type { RunTest } from "@agentos/core";
import { parse } from "../drivers/namespace/channel.js";
import type { ReportReader } from "./language.js";

const MESSAGE_LIMIT = 4000;

/**
 * Reads the events of Rust's own test harness. A file is finished when the harness closed its account of it, and as many
 * tests passed as it says; a test that was told twice counts as failed if it failed once.
 */
export const readRustReport: ReportReader = (told, _job, plan) => {
  const accounts = new Map<number, Account>();
  let current: Account | undefined;
  for (const line of told.lines) {
    const [, number] = /^file (\d+)$/.exec(line) ?? [];
    if (number !== undefined) {
      current = { tests: new Map(), closed: undefined };
      accounts.set(Number(number), current);
    } else if (current) read(current, parse(line));
  }
  const tests: RunTest[] = [];
  const finished: string[] = [];
  const unbuilt = new Set(told.invalid.map(Number));
  plan.files.forEach(({ label }, index) => {
    const account = accounts.get(index);
    const failed = (message: string): void => {
      tests.push({ file: label, name: label, status: "failed", message });
      finished.push(label);
    };
    if (unbuilt.has(index)) failed(told.stderr.trim().slice(0, MESSAGE_LIMIT));
    if (unbuilt.has(index) || !account) return;
    for (const [name, test] of account.tests)
      tests.push({ file: label, name: name === "script" ? label : name, ...test });
    const passed = [...account.tests.values()].filter((test) => test.status === "passed").length;
    if (account.closed === undefined) return;
    if (account.tests.size === 0) failed("No tests found: write functions with #[test], or a main.");
    else if (account.closed === passed) finished.push(label);
  });
  return { tests, finished };
};

interface Account {
  readonly tests: Map<string, Omit<RunTest, "file" | "name">>;
  /** How many passed, as the harness says at its end. */
  closed: number | undefined;
}

function read(account: Account, event: Record<string, unknown> | undefined): void {
  if (event?.["type"] === "suite" && typeof event["passed"] === "number") account.closed = event["passed"];
  const name = event?.["name"];
  if (event?.["type"] !== "test" || typeof name !== "string") return;
  const known = account.tests.get(name);
  if (known?.status === "failed") return;
  const text = event["stdout"] ?? event["message"];
  const message = typeof text === "string" && text !== "" ? { message: shown(text) } : {};
  switch (event["event"]) {
    case "ok":
      account.tests.set(name, { status: "passed" });
      break;
    case "failed":
    case "timeout":
      account.tests.set(name, { status: "failed", ...message });
      break;
    case "ignored":
      account.tests.set(name, { status: "skipped", ...message });
      break;
  }
}

/** A panic's message without what every panic says. */
function shown(text: string): string {
  const own = text.replace(/^note: run with `RUST_BACKTRACE=.*$/m, "").trim();
  return own.length > MESSAGE_LIMIT ? `${own.slice(0, MESSAGE_LIMIT)}\n[...]` : own;
}
