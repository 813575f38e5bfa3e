import type { Control, HostileCase, ProgramCase } from "../types.js";

type Rest = Omit<ProgramCase, "kind" | "drivers" | "language" | "name" | "numbers" | "program" | "control">;

const CONTROL: Control = {
  program: 'echo mine > a; (sleep 0.1; cat a); [ "$(echo child | cat)" = child ] && echo child',
  prints: "mine\nchild",
};

function bash(numbers: readonly number[], name: string, program: string, rest: Rest): ProgramCase {
  return {
    kind: "program",
    drivers: ["namespace"],
    language: "bash",
    numbers,
    name,
    program,
    control: CONTROL,
    ...rest,
  };
}

const LOOPS: Rest = { ends: ["wall-time"], limits: { wallMs: 1000 }, waits: true, reports: "on" };

/** What each attempt may use: it prints the number and whether a command got something. */
const PRELUDE = `attempt() { number=$1; shift; if ( "$@" ) >/dev/null 2>&1; then echo "$number reached $*"; else echo "$number refused"; fi; }
writes() { echo x >> "$1"; }
reads() { cat < "$1"; }
# Only opened, never written.
opens() { exec 9>"$1"; }
`;

function attempts(numbers: readonly number[], name: string, body: string): ProgramCase {
  return bash(numbers, name, PRELUDE + body, { ends: ["exited", "policy"], attempts: true });
}

/** Bash programs. */
export const BASH_CASES: readonly HostileCase[] = [
  bash([1], "busy loop", "echo on; while :; do :; done", LOOPS),
  bash([2], "sleeps for ever", "echo on; sleep 1000000", LOOPS),
  bash([3], "ignores signals", "trap '' TERM INT HUP QUIT PIPE; echo on; while :; do sleep 1; done", LOOPS),
  bash([4], "a child burns CPU", "echo on; (while :; do :; done) & wait", LOOPS),
  bash(
    [5, 6],
    "daemons outlive their parent",
    '(trap "" TERM HUP; sleep 1000000) & setsid bash -c "exec >&- 2>&- <&-; sleep 1000000" & disown -a; echo parent',
    { ends: ["exited"], prints: "parent" },
  ),
  bash([10], "touched allocation", 'echo on; x=xxxxxxxx; while :; do x="$x$x"; done', {
    ends: ["memory"],
    reports: "on",
  }),
  bash([19], "fork bomb", "echo on; f() { f | f & }; f; sleep 1000", {
    ends: ["processes", "wall-time", "exited"],
    limits: { wallMs: 2000 },
    reports: "on",
  }),
  bash([23], "kill(-1)", "echo on; kill -9 -1; kill -9 @PROCESS@; echo still", {
    ends: ["exited", "signal"],
    reports: "on",
  }),
  bash([31, 35], "endless stdout", "cat /dev/zero | tr '\\0' y", { ends: ["output"] }),
  bash([32], "stderr flood", "yes >&2", { ends: ["output"] }),
  bash(
    [33, 34, 37],
    "invalid UTF-8, NUL, escapes",
    "printf '\\303'; sleep 0.05; printf '\\251|\\377|\\0|\\033[31m'",
    {
      ends: ["exited"],
      prints: "é|\ufffd|\0|\u001b[31m",
    },
  ),
  bash([36], "closes its streams and goes on", "echo on; exec 0<&- 1>&- 2>&-; while :; do :; done", LOOPS),
  bash(
    [30],
    "leftovers of one run seen by the next",
    "ls -d /work/left /tmp/left /dev/shm/left 2>/dev/null || echo clean",
    {
      before: "touch /work/left /tmp/left /dev/shm/left",
      ends: ["exited"],
      prints: "clean",
    },
  ),
  attempts(
    [38, 40, 44, 46, 57, 58, 63, 64, 65, 91, 93],
    "files, variables and ports of the host",
    `ln -s @SECRET@ link
attempt 38 reads link
attempt 38 writes link
attempt 40 ln @SECRET@ hard
attempt 44 reads /proc/self/root@SECRET@
attempt 44 reads /proc/1/root@SECRET@
attempt 44 grep -qa AGENTOS_PLANTED /proc/*/environ
attempt 46 writes @FOLDER@/.git/hooks/post-checkout
attempt 46 writes /root/.bashrc
attempt 46 writes /etc/profile.d/planted.sh
attempt 57 ls /sys/fs/cgroup
attempt 58 test -S /var/run/docker.sock
attempt 58 test -S @SOCKET@
attempt 63 opens /dev/tcp/127.0.0.1/@PORT@
attempt 64 timeout 2 bash -c 'exec 9>/dev/tcp/169.254.169.254/80'
attempt 65 opens /dev/tcp/localhost/@PORT@
attempt 91 grep -qi 'planted\\|_proxy' <(env)
attempt 93 opens /proc/sys/kernel/core_pattern
attempt 93 opens /proc/sys/vm/overcommit_memory
`,
  ),
  attempts(
    [43, 47, 49, 50, 92],
    "privileges, by the system's programs",
    `attempt 43 mknod device b 8 0
cp /usr/bin/id id && chmod 6755 id
attempt 47 [ "$(./id -u)" = 0 ]
attempt 49 unshare -Ur true
attempt 50 mount -t tmpfs none /tmp
attempt 92 opens /dev/tty
`,
  ),
];
