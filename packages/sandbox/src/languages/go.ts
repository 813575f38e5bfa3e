import { SOURCE_EXTENSION } from "@agentos/core";
import type { DriverJob } from "../driver.js";
import { GO_ENVIRONMENT, warmGoCache } from "./go-cache.js";
import { goFolders, readGoReport } from "./go-report.js";
import type { LanguageFacts } from "./language.js";

const FAILED = `{ cat /tmp/build-errors >&2; echo "invalid $folder" >&3;`;

const TEST_OPTIONS = '"-test.v -test.paniconexit0 -test.timeout=0"';

/** Where the host's module cache is shown in a project's folder; the go command passes over names with a dot. */
export const GO_MODULES = ".agentos-go-modules";

/** Where the modules of a project come from: its own copies, or the host's cache, which is read-only. */
function modulesOf(job: DriverJob): Readonly<Record<string, string>> {
  if (job.files.has(VENDORED) || job.base?.paths.has(VENDORED))
    return { GOFLAGS: "-mod=vendor -buildvcs=false" };
  if (!job.mounts?.has(GO_MODULES)) return {};
  // The go command would write an index of these modules to its build cache, which is read-only, and fail.
  return { GOMODCACHE: `/work/${GO_MODULES}`, GODEBUG: "goindex=0" };
}

const VENDORED = "vendor/modules.txt";

/** Go, by the go command with a warm cache of the compiled standard library. */
export const GO: LanguageFacts = {
  extension: SOURCE_EXTENSION.go,
  ownTests: /_test\.go$/,
  hooks: /(?:^|\/)(?:go\.work|go\.sum)$/,
  dependencyFolders: [],
  testPath: /_test\.go$/,
  foreignTests: /^\/\/go:build ignore/m,
  toolchain: {
    name: "go",
    programs: () => ["/usr/bin/go", "/usr/local/go/bin/go", "/usr/local/bin/go"],
    trial: "exec $program version",
    lowest: [1, 19],
    remedy: "apt-get install golang-go",
  },
  steps: {
    run: `folder=./$(dirname "$1"); shift
$program build -o /tmp/program -ldflags "-s -w" "$folder" >/tmp/build-errors 2>&1 || ${FAILED} exit 1; }
unset GOGC GOMEMLIMIT
exec /tmp/program "$@" 3>&-`,
    test: `nonce=$1; half=$2; shift 2; status=0; number=0; top=$(pwd); testing=${TEST_OPTIONS}
for folder; do
number=$((number + 1)); test=/tmp/$number.test
if [ -n "$half" ]; then
/gocache/agentos-split judge "$nonce" "$folder" 2>/tmp/build-errors; made=$?
if [ $made = 5 ]; then exit 5; fi
if [ $made != 0 ]; then ${FAILED} status=1; }; continue; fi
fi
if $program test -c -vet=off -o $test -ldflags "-s -w" "./$folder" >/tmp/build-errors 2>&1; then
cd "$folder"; unset GOGC GOMEMLIMIT
if [ -n "$half" ]; then /gocache/agentos-test2json -p "$folder" $test $testing >&3 || status=$?
else /gocache/agentos-test2json -p "$folder" $test $testing >&3 3>&- || status=$?; fi
cd "$top"; GOGC=off; export GOGC
elif [ -n "$half" ] && { /gocache/agentos-split unbuilt "$nonce" </tmp/build-errors >/dev/null 2>&1; [ $? = 5 ]; }; then exit 5
else ${FAILED} status=1; }
fi
done
exit $status`,
    half: `folder=$(dirname "$1")
if /gocache/agentos-split candidate "$1" >/tmp/build-errors 2>&1 && $program build -o /tmp/program -ldflags "-s -w" "./$folder" >/tmp/build-errors 2>&1; then
unset GOGC GOMEMLIMIT
exec /tmp/program 3>&-
fi
/gocache/agentos-split failed </tmp/build-errors
${FAILED} exit 1; }`,
    check: "$program build ./... 3>&- && exec $program vet ./... 3>&-",
    halfArguments: (half) => [half.entry],
    testArguments: (job, plan) => [plan.nonce, job.half?.kind ?? "", ...goFolders(plan)],
    environment: (job) => ({
      ...GO_ENVIRONMENT,
      ...modulesOf(job),
      GOCACHE: "/gocache",
      GOPATH: "/tmp/go",
      GOMEMLIMIT: String(Math.floor(job.limits.memoryBytes / 2)),
    }),
    cache: { target: "/gocache", warm: warmGoCache },
    manifest: ({ version }) => {
      const [major, minor] = version.split(".");
      return { path: "go.mod", content: `module solution\n\ngo ${major}.${minor}\n` };
    },
    keepsTimes: true,
    report: readGoReport,
  },
};
