import { setImmediate as nextTurn } from "node:timers/promises";
import type { SourceParser } from "../source-parser.js";

/** A parser that does one text at a time, and lets others have their turn in the thread in between. */
export function inTurns(parser: SourceParser): SourceParser {
  let last: Promise<unknown> = Promise.resolve();
  return {
    outlineVersion: parser.outlineVersion,
    outline(dialect, text, options) {
      const run = last.then(() => parser.outline(dialect, text, options));
      last = run.catch(() => {}).then(() => nextTurn());
      return run;
    },
  };
}
