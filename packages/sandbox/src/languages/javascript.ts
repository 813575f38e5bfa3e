import { SOURCE_EXTENSION } from "@agentos/core";
import type { DriverJob, TestPlan } from "../driver.js";
import { javascriptNames, takenIn } from "../javascript/file-names.js";
import { byFramework, cleanMessage, type LanguageFacts } from "./language.js";

/**
 * Node's options in every run: its syntax detection and `require` of ES modules are what the harness builds on. An option of
 * V8, as that of the heap, makes it compile all of Node's own modules anew (15 ms), so it is given where it must be.
 */
const NODE = `$program --disable-warning=ExperimentalWarning \${heap:+--max-old-space-size=$heap}`;

const HARNESS = `${NODE} --test-reporter=/harness/harness.mjs /harness/harness.mjs`;

/** JavaScript on Node. */
export const JAVASCRIPT: LanguageFacts = {
  extension: SOURCE_EXTENSION.javascript,
  ownTests: undefined,
  hooks: undefined,
  dependencyFolders: ["node_modules"],
  testPath: /\.[mc]?[jt]s$/,
  foreignTests:
    /from\s+["'](?:vitest|@jest\/globals|mocha|ava|tap|uvu|bun:test)["']|\b(?:jest|vi)\.(?:fn|mock|spyOn)\b|\bexpect\s*\(/,
  toolchain: {
    name: "node",
    programs: () => [process.execPath, "/usr/bin/node", "/usr/local/bin/node"],
    trial: "exec $program --version",
    lowest: [20, 19],
    remedy: "install Node 20.19 or newer where every user can read it, for example in /usr/local",
    shows: "program",
  },
  steps: {
    run: `exec ${NODE} "$@" 3>&-`,
    test: `nonce=$1; half=$2; shift 2; status=0
while [ $# -gt 0 ]; do
if [ "$3" = framework ]; then ${NODE} /harness/frameworks.mjs "$nonce" "$2" || status=$?
else ${HARNESS} test "$nonce" "$1" "$2" "$3" "$half" || status=$?; fi
shift 3
done
exit $status`,
    half: `exec ${HARNESS} half "$@" 3>&-`,
    // TypeScript without an installed compiler was parsed on the host when its types were taken out.
    check: `status=0
for file; do
case "$file" in *.js|*.mjs|*.cjs) $program --check "./$file" 3>&- || status=1;; esac
done
exit $status`,
    warm: {
      start: `exec ${HARNESS} wait "$@"`,
      // A test has run by then, and a hook that is to come before the first one would not be waited for.
      framework: (text) => /["']node:test["']/.test(text) && !/\bbefore\b/.test(text),
      severalFiles: false,
    },
    testArguments,
    written: javascriptNames,
    reservesMemory: true,
    // V8 takes half of what memory there is, within bounds of its own.
    heapFromGroup: { share: 0.5, leastBytes: 256 * 1024 ** 2, mostBytes: 2 * 1024 ** 3 },
    syntaxError,
  },
};

/** TypeScript: comes to the drivers as JavaScript. */
export const TYPESCRIPT: LanguageFacts = { ...JAVASCRIPT, extension: SOURCE_EXTENSION.typescript };

/** The nonce, the half as JSON or nothing, then three words for each file or framework: label, path, style. */
function testArguments(job: DriverJob, plan: TestPlan): readonly string[] {
  const taken = takenIn(job);
  return [
    plan.nonce,
    job.half ? JSON.stringify(job.half) : "",
    ...plan.files
      .filter((file) => !file.framework)
      .flatMap((file) => [file.label, javascriptNames(file.path, taken).file, file.style]),
    ...byFramework(plan).flatMap((group) => [group.name, JSON.stringify(group), "framework"]),
  ];
}

/** Only the entry file and what it loads by itself count: code that is parsed later, by `eval`, is the program's own. */
function syntaxError(exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 1) return undefined;
  const match =
    /^SyntaxError: .*\n\s+at (?:wrapSafe|compileSourceTextModule|compileForInternalLoader|ModuleLoader|new ModuleWrap)\b/m.exec(
      stderr,
    );
  if (!match) return undefined;
  const end = match.index + match[0].indexOf("\n");
  return cleanMessage(stderr.slice(0, end));
}
