import { describe, expect, test } from "vitest";
import { indexOf, uses } from "../resolution/places.js";
import { checkUses, openParser, outline, parseHard, symbols, type Use } from "./grammar.js";

const DEPLOY = `#!/usr/bin/env bash
set -euo pipefail

# Where this file is.
ROOT="$(cd "$(dirname "\${BASH_SOURCE[0]}")/.." && pwd)"
. "$(dirname "$0")/lib/log.sh"
source "\${BASH_SOURCE%/*}/lib/files.sh"
source "$ROOT/settings.sh"
source "$UNKNOWN/x.sh"
# shellcheck disable=SC2034
export TARGET=prod PATH
declare -r MOST=3 LEAST
declare -A hosts=([a]=one)
readonly NAME="deploy-\${TARGET}"
typeset -i count
queue=(one two)
queue[2]=three
alias ll='ls -l' la="ls -a"

# Sends one file.
send() {
  local file="$1" tries
  local -r most=\${MOST:-1}
  tries=0
  for host in "\${!hosts[@]}"; do
    log "to $host \${file##*/} \${queue[0]} \${#file}"
  done
  for ((i = 0; i < most; i++)); do
    (( tries++ ))
    echo $((tries + count)) "$i"
  done
  while read -r line rest; do
    echo "$line"
  done < <(list_files "$file")
  case "$file" in
    *.sh) check "$file" ;;
    *) return 1 ;;
  esac
  if [[ -n $file && $TARGET =~ prod ]]; then
    result=$(check "\${most}") && TARGET=test check "$result"
  fi
  printf -v report '%s' "$tries"
  cat <<END
$report $(check a)
END
  declare -g last="$file"
  unset report
  inner() {
    echo "$file $last"
  }
}

function check {
  local file=other
  echo "$file" "$COLOR"
  missing_tool "$1" "\${12}" "$?"
}

function cleanup() ( echo "$last" )

trap cleanup EXIT
trap 'cleanup; exit' INT
export -f send
send "$@" | check -
until ll; do inner; done
[ "$NAME" = x ] && "$ROOT/bin/run" || unset -f check
`;

const FILES = {
  "scripts/deploy.sh": DEPLOY,
  "scripts/lib/log.sh": `. "$(dirname "\${BASH_SOURCE[0]}")/colors.sh"\nlog() {\n  echo "$COLOR $*"\n}\n`,
  "scripts/lib/colors.sh": "COLOR=red\n",
  "scripts/lib/files.sh": 'list_files() {\n  ls "$1"\n}\n',
  "settings.sh": "LEVEL=1\n",
  "other/check.sh": "check() {\n  check\n}\nmissing_tool() { :; }\n",
};

describe("Bash", () => {
  test("definitions", async () => {
    expect(await symbols("bash", DEPLOY)).toEqual([
      "variable ROOT 5-5 undefined # Where this file is.",
      "variable TARGET 11-11 undefined",
      "variable PATH 11-11 undefined",
      "variable MOST 12-12 undefined",
      "variable LEAST 12-12 undefined",
      "variable hosts 13-13 undefined",
      "variable NAME 14-14 undefined",
      "variable count 15-15 undefined",
      "variable queue 16-16 undefined",
      "function ll 18-18 undefined",
      "function la 18-18 undefined",
      "function send 21-51 undefined # Sends one file.",
      "variable last 46-46 undefined",
      "function inner 48-50 undefined",
      "function check 53-57 undefined",
      "function cleanup 59-59 undefined",
    ]);
  });

  test("imports: paths that are written out, and those from the folder of the file", async () => {
    const { imports, ok } = await outline("bash", DEPLOY);
    expect(ok).toBe(true);
    expect(imports.map(({ specifier }) => specifier)).toEqual([
      "./lib/log.sh",
      "./lib/files.sh",
      "./../settings.sh",
    ]);
    const more = `HERE="\${0%/*}"
here=$(dirname -- "$0")
SELF="$(cd -- "$(dirname -- "\${BASH_SOURCE[0]}")" > /dev/null 2>&1; pwd -P)"
. "$HERE/a.sh"
. $here/b.sh
source "\${SELF}/c/d.sh"
source 'lib/e.sh'
. /etc/profile
source "$1"
source "$(find_it)/f.sh"
`;
    expect((await outline("bash", more)).imports.map(({ specifier }) => specifier)).toEqual([
      "./a.sh",
      "./b.sh",
      "./c/d.sh",
      "lib/e.sh",
    ]);
  });

  const USES: readonly Use[] = [
    ["import", "lib/|log.sh", "scripts/lib/log.sh > . "],
    ["import", "lib/|files.sh", "scripts/lib/files.sh > list_files"],
    ["import", "$ROOT/|settings.sh", "settings.sh > LEVEL"],
    ["read", 'source "$|ROOT/', "ROOT="],
    ["read", `deploy-\${|TARGET}`, "export TARGET"],
    ["write", "|queue[2]", "queue=(one"],
    ["read", `\${|MOST:-1}`, "declare -r MOST"],
    ["write", "|tries=0", "local file="],
    ["read", `\${!|hosts[@]}`, "declare -A hosts"],
    ["call", '|log "to', "scripts/lib/log.sh > log()"],
    ["read", "to $|host", "for host in"],
    ["read", `\${|file##*/}`, "local file="],
    ["read", `\${|queue[0]}`, "queue=(one"],
    ["read", `\${#|file}`, "local file="],
    ["read", "|i < most", "for ((i"],
    ["read", "i < |most", "local -r most"],
    ["write", "|i++", "for ((i"],
    ["write", "(( |tries++", "local file="],
    ["read", "$((|tries + count))", "local file="],
    ["read", "tries + |count))", "typeset -i count"],
    ["read", '"$|line"', "while read"],
    ["call", "<(|list_files", "scripts/lib/files.sh > list_files"],
    ["call", "*.sh) |check", "function check"],
    ["read", "$|TARGET =~", "export TARGET"],
    ["call", `$(|check "\${most}`, "function check"],
    ["write", "&& |TARGET=test", "export TARGET"],
    ["call", "TARGET=test |check", "function check"],
    ["read", 'check "$|result"', "result=$("],
    ["read", "$|report $(", "printf -v report"],
    ["call", "report $(|check a", "function check"],
    ["write", "unset |report", "printf -v report"],
    ["read", 'echo "$|file $last"', "local file="],
    ["read", "file $|last", "declare -g last"],
    ["read", 'echo "$|file" "$COLOR', "local file=other"],
    ["read", '"$|COLOR"', "scripts/lib/colors.sh > COLOR"],
    ["read", '( echo "$|last"', "declare -g last"],
    ["read", "trap |cleanup", "function cleanup"],
    ["read", "export -f |send", "send() {"],
    ["call", '|send "$@"', "send() {"],
    ["call", "until |ll", "alias ll"],
    ["call", "do |inner;", "inner() {"],
    ["read", '[ "$|NAME"', "readonly NAME"],
    ["read", "unset -f |check", "function check"],
    // What nobody in the files that are read in defines.
    ["call", "|missing_tool"],
    ["read", "$|UNKNOWN"],
    ["call", "|set -euo"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("bash", FILES, "scripts/deploy.sh", USES);
    expect(seen).toEqual(expected);
  });

  test("what has no name is no use", async () => {
    const { references } = await (await openParser()).names(
      "bash",
      `echo "$1" \${2} $# "$@" $? $$ a=b\n"$x" 1\n`,
    );
    expect(references.map(({ name, role }) => `${role} ${name}`)).toEqual(["call echo", "read x"]);
  });

  test("a function is used by those that read its file in, also by way of others", async () => {
    expect(await uses(FILES, "scripts/lib/log.sh", "|log()")).toEqual(["scripts/deploy.sh:26:4 call"]);
    expect(await uses(FILES, "scripts/lib/colors.sh", "|COLOR")).toEqual([
      "scripts/deploy.sh:55:17 read",
      "scripts/lib/log.sh:3:9 read",
    ]);
    expect(await uses(FILES, "other/check.sh", "|check()")).toEqual(["other/check.sh:2:2 call"]);
  });

  test("a test is affected by what it reads in", async () => {
    const index = await indexOf({
      "lib/a.sh": ". lib/b.sh\n",
      "lib/b.sh": "b() { :; }\n",
      "lib/c.sh": "c() { :; }\n",
      "test/test_all.sh": 'source "$(dirname "$0")/../lib/a.sh"\n',
    });
    expect(await index.affectedTests(["lib/b.sh"])).toEqual(["test/test_all.sh"]);
    expect(await index.affectedTests(["lib/c.sh"])).toEqual([]);
  });

  test("a text that is broken gives what is around", async () => {
    const text = "before() {\n  echo\n}\necho )\nafter() {\n  before\n}\n";
    const { ok, symbols: found } = await outline("bash", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "after"]));
  });

  const many = 20_000;
  test.each([
    ["nothing", ""],
    ["brackets", `a=${"(".repeat(100_000)}`],
    ["sums", `echo $((${"(".repeat(5_000)}1${")".repeat(5_000)}))`],
    ["substitutions", `${"echo $(".repeat(5_000)}${")".repeat(5_000)}`],
    ["groups", `${"{ a; ".repeat(5_000)}${"};".repeat(5_000)}`],
    ["functions within each other", `${"a() { b=$b; ".repeat(5_000)}${"};".repeat(5_000)}`],
    ["a long line", `a="${"a".repeat(2_000_000)}"`],
    ["a long pipe", `a${" | a".repeat(many)}`],
    ["assignments of one name", 'a="$a b"\n'.repeat(many)],
    ["folders of folders", `a=$(dirname "$0")\n${"a=$a/b\n".repeat(many)}`],
    ["a long folder", `a=$(dirname "$0")${"/b".repeat(many)}\n. $a/c.sh`],
    ["many names", `read ${"a ".repeat(many)}`],
    ["elements", `a=(${"$b ".repeat(many)})`],
  ])("%s", { timeout: 60_000 }, async (_name, text) => {
    const start = performance.now();
    await parseHard("bash", text);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
