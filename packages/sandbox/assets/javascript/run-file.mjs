// Runs one test file and reports its tests: those of node:test, or the file itself when it is a script.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { watchCheats } from "./cheats.mjs";
import {
  describe,
  lookAtTheEnd,
  reportFor,
  state,
  tellFinished,
  tellOver,
  tellTest,
  tellUnseparable,
} from "./report.mjs";

/** Whether a file does anything when it is loaded, beyond importing and defining. */
// The same rule as src/javascript/runs-something.ts, which the drivers without a Node of their own use.
function runsSomething(source) {
  const code = source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
    (match) => (match.startsWith("/") ? " " : '""'),
  );
  let depth = 0;
  let top = "";
  for (const character of code) {
    if (character === "}") depth--;
    if (depth <= 0) top += character;
    if (character === "{") depth++;
  }
  return top
    .split(/[;\n]|(?<=\})/)
    .map((statement) => statement.trim())
    .some(
      (statement) =>
        /^(?:throw|if|for|while|do|try|switch|await)\b/.test(statement) ||
        (statement.includes("(") &&
          !/^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class|import)\b/.test(statement) &&
          !/^(?:(?:const|let|var)\b[^=]*)?=\s*(?:require\s*\(|(?:async\s*)?(?:\([^)]*\)|\w+)\s*=>)/.test(
            statement,
          )),
    );
}

const now = performance.now.bind(performance);

/**
 * Leaves at once when nothing is left to be done and all went well: what Node does then, and giving back its memory, take as
 * long as a short test. The listeners of the run come first, as Node would call them; that of a process that is not yet
 * any run's is the first of all.
 */
export function leaveQuickly() {
  const { kill, pid, reallyExit } = process;
  process.on("exit", function leave(code) {
    // A test may play at leaving.
    if (!process._exiting) return;
    process.off("exit", leave);
    for (const listener of process.rawListeners("exit")) listener.call(process, code);
    const reached = Number(process.exitCode ?? code);
    if (reached !== 0 || !state.finished) reallyExit.call(process, reached);
    tellOver();
    kill.call(process, pid, "SIGKILL");
  });
}

/**
 * Runs the test file at `path` below the working folder. `style`: "script", or "detect" for what its text shows. `half`: the
 * half of a separated verdict as JSON, or nothing.
 */
export async function runFile(nonce, label, path, style, half) {
  reportFor(nonce, label);
  process.argv.length = 1;
  const file = `${process.cwd()}/${path}`;
  const started = now();
  let loaded = false;
  let told = false;

  // ES modules may use `require` here: tests and candidates are often written for different module systems.
  globalThis.require = createRequire(file);

  function endOfScript() {
    if (told) return;
    if (style === "detect" && !runsSomething(readFileSync(file, "utf8"))) {
      told = true;
      tellTest(label, "failed", "No tests found: use node:test, or write a script that asserts.");
      return tellFinished();
    }
    told = true;
    const failed = state.failed || (process.exitCode !== undefined && Number(process.exitCode) !== 0);
    tellTest(
      label,
      failed ? "failed" : "passed",
      failed ? "The script set a failing exit code." : undefined,
      now() - started,
    );
    tellFinished();
  }

  process.on("uncaughtException", (error) => {
    if (state.framework && style !== "script") return;
    if (told) return;
    told = true;
    tellTest(label, "failed", describe(error), now() - started);
    tellFinished();
    process.exit(1);
  });

  process.on("beforeExit", () => {
    if (told) return;
    if (!loaded) {
      told = true;
      tellTest(label, "failed", "The file never finished loading: a top-level await is not settled.");
      return tellFinished();
    }
    // node:test ends its report when nothing else is left to do, which is later than this.
    if (!state.framework || state.frameworkDone) endOfScript();
  });

  state.whenDone = () => {
    if (told) return;
    if (style === "script") return endOfScript();
    told = true;
    tellFinished();
  };

  try {
    if (!half) lookAtTheEnd(watchCheats(file, label));
    if (half) (await import("/harness/judge.mjs")).startJudge(JSON.parse(half), path, style, tellUnseparable);
    await import(pathToFileURL(file).href);
    loaded = true;
  } catch (error) {
    loaded = true;
    if (!told) {
      tellTest(label, "failed", describe(error), now() - started);
      if (!state.framework) {
        told = true;
        tellFinished();
      }
    }
    process.exitCode = 1;
  }
}
