import { SOURCE_EXTENSION } from "@agentos/core";
import { cleanMessage, fileArguments, type LanguageFacts } from "./language.js";

/** Scripts of bash. A test is a script that ends with exit code 0, by itself and not by what it loads. */
export const BASH: LanguageFacts = {
  extension: SOURCE_EXTENSION.bash,
  ownTests: undefined,
  hooks: /(?:^|\/)\.(?:bashrc|bash_profile|bash_login|profile|inputrc)$/,
  dependencyFolders: [],
  testPath: /\.(?:sh|bash)$/,
  foreignTests: /^\s*@test\b/m,
  toolchain: {
    name: "bash",
    programs: () => ["/usr/bin/bash", "/bin/bash", "/usr/local/bin/bash"],
    trial: "exec $program -c 'echo $BASH_VERSION'",
    lowest: [4, 4],
    remedy: "apt-get install bash",
  },
  steps: {
    run: 'entry=$1; shift; exec $program --noprofile --norc "./$entry" "$@" 3>&-',
    test: `nonce=$1; shift; status=0
while [ $# -gt 0 ]; do
$program --noprofile --norc /harness/harness.sh "$nonce" "$1" "$2" 2>/tmp/errors || status=$?
cat /tmp/errors >&2
shift 3
done
exit $status`,
    check: `status=0
for file; do
case "$file" in *.sh|*.bash) $program -n "./$file" 3>&- || status=1;; esac
done
exit $status`,
    testArguments: fileArguments,
    syntaxError,
  },
};

/** bash goes on behind a line that it cannot parse only in a file that it loads, so this is the end of the program. */
function syntaxError(exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 2 && exitCode !== 1) return undefined;
  return /^\S+: line \d+: (?:syntax error|unexpected EOF)/m.test(stderr) ? cleanMessage(stderr) : undefined;
}
