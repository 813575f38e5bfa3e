import { SOURCE_EXTENSION } from "@agentos/core";
import type { DriverJob, TestPlan } from "../driver.js";
import { byFramework, cleanMessage, type LanguageFacts } from "./language.js";
import { compilePythonHarness } from "./python-code.js";

/** Python 3. */
export const PYTHON: LanguageFacts = {
  extension: SOURCE_EXTENSION.python,
  ownTests: undefined,
  hooks:
    /(?:^|\/)(?:(?:sitecustomize|usercustomize|conftest)\.py|pytest\.ini|\.?pytest\.toml|tox\.ini|setup\.cfg|pyproject\.toml)$/,
  dependencyFolders: [".venv", "venv"],
  testPath: /\.py$/,
  foreignTests: /\bpytest\.(?:mark\.parametrize|fixture|raises)\b/,
  toolchain: {
    name: "python3",
    programs: () => ["/usr/bin/python3", "/usr/local/bin/python3"],
    trial: "exec $program -c 'import sys, json, unittest; print(sys.version.split()[0])'",
    lowest: [3, 8],
    remedy: "apt-get install python3",
  },
  steps: {
    run: 'exec $program -B "$@" 3>&-',
    test: `[ "$1" = pytest ] || exec $program -B /harness/harness.py "$@"
status=0; $program -B /harness/agentos_pytest.py "$2" "$3" || status=$?
nonce=$2; shift 3
[ $# = 0 ] || $program -B /harness/harness.py "$nonce" "$@" || status=$?
exit $status`,
    half: 'exec $program -B /harness/separate.py "$@" 3>&-',
    check: `exec $program -B -c '
import sys
for path in sys.argv[1:]:
    if path.endswith(".py"):
        with open(path, "rb") as source:
            compile(source.read(), path, "exec", dont_inherit=True)
' "$@" 3>&-`,
    warm: {
      start: 'exec $program -B /harness/warm.py "$@"',
      tests: "/harness/harness.py",
      half: "/harness/separate.py",
      severalFiles: true,
    },
    compileHarness: compilePythonHarness,
    testArguments,
    environment,
    syntaxError,
  },
};

/** The nonce, the plan as JSON and perhaps the half. Files for pytest come first: the word, the nonce, the files. */
function testArguments(job: DriverJob, plan: TestPlan): readonly string[] {
  const groups = byFramework(plan);
  const files = plan.files.filter((file) => !file.framework);
  const own = [JSON.stringify({ files }), ...(job.half ? [JSON.stringify(job.half)] : [])];
  if (groups.length === 0) return [plan.nonce, ...own];
  const foreign = JSON.stringify(groups.flatMap((group) => group.files));
  return ["pytest", plan.nonce, foreign, ...(files.length > 0 ? own : [])];
}

function environment(job: DriverJob): Readonly<Record<string, string>> {
  const packages = [...(job.mounts?.keys() ?? [])].filter((path) => path.endsWith("site-packages"));
  return packages.length > 0 ? { PYTHONPATH: packages.map((path) => `/work/${path}`).join(":") } : {};
}

/** Python prints no "Traceback" before the error of the file that it was asked to run. */
function syntaxError(exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 1 || stderr.includes("Traceback (most recent call last)")) return undefined;
  const match = /^ {2}File "[^"]*", line \d+\n[\s\S]*?^(?:SyntaxError|IndentationError|TabError): .*$/m.exec(
    stderr,
  );
  return match ? cleanMessage(match[0]) : undefined;
}
