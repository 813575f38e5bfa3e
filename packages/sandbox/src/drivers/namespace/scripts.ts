import type { Language } from "@agentos/core";
import type { ProjectCheck } from "../../driver.js";

// Shell scripts that run inside, before the candidate's code. They unpack the files from descriptor 4, say "ready" on
// descriptor 3 when the sandbox is complete, set resource limits and become the program.

/** What a script may know about the limits of its run. */
export interface ScriptLimits {
  /** Largest file, in bytes. */
  readonly fileBytes: number;
  /** Most processes and threads. */
  readonly processes: number;
  /** Bytes of data segment for each process; only where no control group holds the memory. */
  readonly dataBytes: number | undefined;
}

/** Node's options in every run: its syntax detection and `require` of ES modules are what the harness builds on. */
const NODE = "--disable-warning=ExperimentalWarning";

function prelude(limits: ScriptLimits, keepTimes = false): string {
  const data = limits.dataBytes === undefined ? "" : `ulimit -d ${Math.ceil(limits.dataBytes / 1024)}\n`;
  return `tar -x${keepTimes ? "" : "m"}f - -C / <&4 2>/tmp/unpacking || { cat /tmp/unpacking >&3; exit 125; }
exec 4<&-
rm /tmp/unpacking
cd /work || exit 125
ulimit -c 0
ulimit -n 1024
ulimit -f ${Math.ceil(limits.fileBytes / 512)}
{ ulimit -u ${limits.processes} || ulimit -p ${limits.processes}; } 2>/dev/null
${data}echo ready >&3
`;
}

const GO_FAILED = `{ cat /tmp/build-errors >&2; echo "invalid $folder" >&3;`;

/** Runs one program: `$1` is its entry, the rest its arguments. */
export function programScript(
  language: Language,
  program: string,
  limits: ScriptLimits,
  nodeMegabytes: number,
): string {
  switch (language) {
    case "javascript":
    case "typescript":
      return `${prelude(limits)}exec ${program} ${NODE} --max-old-space-size=${nodeMegabytes} "$@" 3>&-`;
    case "python":
      return `${prelude(limits)}exec ${program} -B "$@" 3>&-`;
    case "go":
      return `${prelude(limits, true)}folder=./$(dirname "$1"); shift
${program} build -o /tmp/program -ldflags "-s -w" "$folder" >/tmp/build-errors 2>&1 || ${GO_FAILED} exit 1; }
unset GOGC GOMEMLIMIT
exec /tmp/program "$@" 3>&-`;
  }
}

/**
 * Runs a test plan. `$1` is the nonce; then for JavaScript three words for each file (label, path, style), for Python
 * the plan as JSON, for Go the folders that hold tests.
 */
export function testScript(
  language: Language,
  program: string,
  limits: ScriptLimits,
  nodeMegabytes: number,
): string {
  switch (language) {
    case "javascript":
    case "typescript":
      return `${prelude(limits)}nonce=$1; shift; status=0
while [ $# -gt 0 ]; do
${program} ${NODE} --max-old-space-size=${nodeMegabytes} --test-reporter=/harness/reporter.mjs /harness/harness.mjs "$nonce" "$1" "$2" "$3" || status=$?
shift 3
done
exit $status`;
    case "python":
      return `${prelude(limits)}exec ${program} -B /harness/harness.py "$@"`;
    case "go":
      return `${prelude(limits, true)}shift; status=0; number=0; top=$(pwd)
for folder; do
number=$((number + 1)); test=/tmp/$number.test
if ${program} test -c -vet=off -o $test -ldflags "-s -w" "./$folder" >/tmp/build-errors 2>&1; then
cd "$folder" && ( unset GOGC GOMEMLIMIT; exec ${program} tool test2json -p "$folder" $test -test.v -test.paniconexit0 -test.timeout=0 >&3 3>&- ) || status=$?
cd "$top"
else ${GO_FAILED} status=1; }
fi
done
exit $status`;
  }
}

/** Builds or type-checks a project, and runs nothing of it. The arguments are the files that were changed. */
export function checkScript(
  language: Language,
  program: string,
  kind: ProjectCheck["kind"],
  limits: ScriptLimits,
  nodeMegabytes: number,
): string {
  const files = prelude(limits, language === "go");
  if (kind === "types") {
    return `${files}exec ${program} --max-old-space-size=${nodeMegabytes} node_modules/typescript/lib/tsc.js --noEmit -p tsconfig.json 3>&-`;
  }
  switch (language) {
    case "javascript":
    case "typescript":
      // TypeScript without an installed compiler was parsed on the host when its types were taken out.
      return `${files}status=0
for file; do
case "$file" in *.js|*.mjs|*.cjs) ${program} --check "./$file" 3>&- || status=1;; esac
done
exit $status`;
    case "python":
      return `${files}exec ${program} -B -c '
import sys
for path in sys.argv[1:]:
    if path.endswith(".py"):
        with open(path, "rb") as source:
            compile(source.read(), path, "exec", dont_inherit=True)
' "$@" 3>&-`;
    case "go":
      return `${files}${program} build ./... 3>&- && exec ${program} vet ./... 3>&-`;
  }
}
