// Tells the host what happened, over descriptor 3. What is used here is taken before any code of the candidate runs.
import { writeSync } from "node:fs";

const { stringify } = JSON;
const { from } = Buffer;
let nonce = "";
let label = "";
const MESSAGE_LIMIT = 4000;

/** What the harness and the reporter know of each other. */
export const state = {
  framework: false,
  frameworkDone: false,
  failed: false,
  finished: false,
  warmedUp: false,
};

/** The name of a test that ran before the job came, and that nobody is told of. */
export const WARM_UP = "agentos warms up";

/** Reports from now on for this run and this test file. */
export function reportFor(runNonce, fileLabel) {
  nonce = runNonce;
  label = fileLabel;
}

function send(value) {
  const bytes = from(`${nonce} ${stringify(value)}\n`);
  let sent = 0;
  while (sent < bytes.length) sent += writeSync(3, bytes, sent);
}

export function tellTest(name, status, message, durationMs) {
  if (status === "failed") state.failed = true;
  const text = message === undefined ? undefined : String(message);
  const shown =
    text !== undefined && text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}\n[...]` : text;
  send({ test: { file: label, name, status, message: shown, durationMs } });
}

/** Called before a file is told to be finished. */
let lastLook = () => {};

export function lookAtTheEnd(look) {
  lastLook = look;
}

export function tellFinished() {
  lastLook();
  send({ finished: label });
  state.finished = true;
}

/** Says that nothing more comes, of a process that is all of its run: nobody needs to wait until it is gone. */
export function tellOver() {
  send({ over: true });
}

/** Says what the candidate did to forge its verdict. */
export function tellCheat(kind, detail) {
  send({ cheat: { kind, detail } });
}

/** Says why the tests and the candidate cannot be kept in two processes. */
export function tellUnseparable(reason) {
  send({ unseparable: reason });
}

/** An error's message and the frames that belong to the files of the run. */
export function describe(error) {
  try {
    if (typeof error !== "object" || error === null) return `Thrown: ${String(error)}`;
    const cause = error.code === "ERR_TEST_FAILURE" && error.cause !== undefined ? error.cause : error;
    if (typeof cause !== "object" || cause === null) return String(cause);
    const headline = `${cause.name}: ${cause.message}`;
    const stack = typeof cause.stack === "string" ? cause.stack : headline;
    // The error of a file that does not parse starts with its place; the error itself is what a reader looks for first.
    const text = /^\S+:\d+\n/.test(stack) ? `${headline}\n${stack}` : stack;
    const lines = text
      .split("\n")
      .filter((line) => !/^\s+at .*(?:node:|\/harness\/|<anonymous>\)?$)/.test(line));
    return lines.join("\n").replaceAll("file:///work/", "").replaceAll("/work/", "");
  } catch {
    return "An error that could not be described.";
  }
}
