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
        `The regular expression cannot be run (${(cause as Error).message}). Make it simpler.`,
        { cause },
      );
    } finally {
      state["work"] = undefined;
    }
  };
}
