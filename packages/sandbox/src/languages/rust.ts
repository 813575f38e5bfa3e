import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SOURCE_EXTENSION } from "@agentos/core";
import { fileArguments, type LanguageFacts } from "./language.js";
import { readRustReport } from "./rust-report.js";

/** A script becomes a test, so that the harness of Rust itself says whether `main` came to its end. */
const SCRIPT_AS_TEST =
  "#[cfg(test)] #[test] fn script() { fn end(of: impl std::process::Termination) -> std::process::ExitCode { of.report() } " +
  'assert_eq!(format!("{:?}", end(main())), format!("{:?}", std::process::ExitCode::SUCCESS), "main returned a failure"); }';

/** Rust, by rustc alone: loose files, each test file a crate of its own that names its modules (`mod solution;`). */
export const RUST: LanguageFacts = {
  extension: SOURCE_EXTENSION.rust,
  ownTests: undefined,
  hooks: /(?:^|\/)(?:build\.rs|Cargo\.(?:toml|lock)|\.cargo\/.*)$/,
  dependencyFolders: [],
  testPath: /\.rs$/,
  // The tests of a cargo package name it as a crate.
  foreignTests: /^(?![\s\S]*\bmod\s+\w+\s*;)/,
  toolchain: {
    name: "rust",
    programs,
    // A program needs a linker, too.
    trial:
      'cd /tmp && echo "fn main() {}" > trial.rs && $program -o trial trial.rs && ./trial && exec $program --version',
    lowest: [1, 61],
    remedy: "apt-get install rustc gcc",
    shows: "folder",
  },
  steps: {
    run: `entry=$1; shift
$program --edition 2021 --color never -o /tmp/program "$entry" >/tmp/build-errors 2>&1 || { cat /tmp/build-errors >&2; echo "invalid $entry" >&3; exit 1; }
exec /tmp/program "$@" 3>&-`,
    test: `shift; status=0; number=0
while [ $# -gt 0 ]; do
file=$2; style=$3; shift 3; test=/tmp/$number.test
if [ "$style" = script ] || ! grep -q '#\\[test\\]' "$file" && grep -q 'fn main' "$file"; then printf '\\n%s\\n' '${SCRIPT_AS_TEST}' >> "$file"; fi
if $program --edition 2021 --color never --test -A warnings -o $test "$file" >/tmp/build-errors 2>&1; then
echo "file $number" >&3
( RUSTC_BOOTSTRAP=1 exec $test -Z unstable-options --format json --test-threads 1 >&3 3>&- ) || status=$?
else cat /tmp/build-errors >&2; echo "invalid $number" >&3; status=1; fi
number=$((number + 1))
done
exit $status`,
    check: `status=0
for file; do
case "$file" in *.rs) RUSTC_BOOTSTRAP=1 $program --edition 2021 --color never -Z parse-crate-root-only "./$file" 3>&- || status=1;; esac
done
exit $status`,
    testArguments: fileArguments,
    report: readRustReport,
  },
};

/** rustc of the system, else of the toolchains that rustup keeps in the home folder: its own `rustc` is only a shim. */
function programs(): readonly string[] {
  const folder = join(homedir(), ".rustup", "toolchains");
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // rustup is not used here.
  }
  const stable = names.filter((name) => name.startsWith("stable"));
  const others = names.filter((name) => !name.startsWith("stable"));
  return [
    "/usr/bin/rustc",
    "/usr/local/bin/rustc",
    ...[...stable, ...others].map((name) => join(folder, name, "bin", "rustc")),
  ];
}
