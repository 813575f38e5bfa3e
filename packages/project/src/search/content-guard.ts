import { createContext, Script } from "node:vm";
import { projectError } from "../errors.js";

/** Runs work that an expression may keep from ending. Whether it ended within `timeoutMs`. Throws what else went wrong in it. */
export type ContentGuard = (work: () => void, timeoutMs: number) => boolean;

/** Makes a guard. `node:vm` can stop what runs under it, regular expressions included, wherever they come from. */
export function contentGuard(): ContentGuard {
  const state = createContext({ work: (): void => {} });
  const script = new Script("work()");
  return (work, timeoutMs) => {
    state["work"] = work;
    try {
      script.runInContext(state, { timeout: Math.ceil(timeoutMs) });
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
      throw projectError(
        "PROJECT_PATTERN_INVALID",
        `The text or expression cannot be run (${reasonOf(cause as Error)}). Make it shorter or simpler.`,
      );
    } finally {
      state["work"] = undefined;
    }
  };
}

/** V8 repeats the whole expression, which may have thousands of characters, before it says what is wrong. */
function reasonOf({ message }: Error): string {
  return message.replace(/^Invalid regular expression: .*: /s, "");
}
