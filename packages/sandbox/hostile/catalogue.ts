import type { DriverName, HostileCase } from "./types.js";

/** What each number of the catalogue of hostile programs tries. */
export const CATALOGUE: ReadonlyMap<number, string> = new Map([
  [1, "busy loop"],
  [2, "sleep for ever"],
  [3, "ignores SIGTERM"],
  [4, "a child burns CPU"],
  [5, "a child outlives its parent"],
  [6, "double-fork daemon with setsid"],
  [7, "compiler bomb"],
  [8, "catastrophic regex"],
  [9, "microtask starvation"],
  [10, "touched allocation"],
  [11, "memory split over forks"],
  [12, "memfd and /dev/shm hoard"],
  [13, "infinite recursion"],
  [14, "giant array spread"],
  [15, "JSON.parse amplification"],
  [16, "native buffer allocation"],
  [17, "parser overflow by a giant eval"],
  [18, "a large object across the bridge"],
  [19, "fork bomb"],
  [20, "thread bomb"],
  [21, "zombie farm"],
  [22, "descriptor exhaustion"],
  [23, "kill(-1)"],
  [24, "fork bomb bounded by memory only"],
  [25, "a large file"],
  [26, "a million inodes"],
  [27, "sparse file"],
  [28, "very deep directories"],
  [29, "zip bomb"],
  [30, "leftovers of one run seen by the next"],
  [31, "endless stdout"],
  [32, "stderr flood"],
  [33, "invalid UTF-8 and a split code point"],
  [34, "NUL bytes"],
  [35, "one line of 100 MB"],
  [36, "closes stdout and keeps running"],
  [37, "terminal escape injection"],
  [38, "symlink writing out"],
  [39, "artifact that is a symlink to a host file"],
  [40, "hard link"],
  [41, "renaming the parent folder during a read"],
  [42, "FIFO as an artifact"],
  [43, "mknod"],
  [44, "/proc/self/root, /proc/1/environ"],
  [45, "upload name with ../"],
  [46, "planting git hooks, shell profiles, configuration"],
  [47, "setuid copy"],
  [48, "ptrace"],
  [49, "nested user namespace"],
  [50, "mount"],
  [51, "keyctl"],
  [52, "io_uring"],
  [53, "AF_VSOCK"],
  [54, "32-bit system calls"],
  [55, "file-lock side channel"],
  [56, "reboot"],
  [57, "writing to cgroups"],
  [58, "container socket"],
  [59, "indirect exec through the dynamic loader"],
  [60, "inherited descriptors"],
  [61, "TCP, UDP, ICMP and raw sockets"],
  [62, "DNS exfiltration"],
  [63, "/dev/tcp"],
  [64, "cloud metadata address"],
  [65, "the host's loopback"],
  [66, "abstract unix socket"],
  [67, "relaying CONNECT past an allow list"],
  [68, "redirect to a private address"],
  [69, "closed with the proxy variables removed"],
  [70, "constructor.constructor"],
  [71, "prepareStackTrace and CallSite"],
  [72, "Proxy traps"],
  [73, "Symbol.species returning itself"],
  [74, "polluting host prototypes"],
  [75, "crash by an unhandled rejection"],
  [76, "smuggling through SuppressedError and AggregateError"],
  [77, "WebAssembly exception tags"],
  [78, "dynamic import"],
  [79, "a leaked reference"],
  [80, "resized ArrayBuffer"],
  [81, "import js to reach the host process"],
  [82, "state kept from the run before"],
  [83, "exits 0 before the tests"],
  [84, "patches the test framework's report"],
  [85, "an object equal to everything"],
  [86, "edits or deletes the tests"],
  [87, "prints a forged report"],
  [88, "hangs so that the case is skipped"],
  [89, "monkey-patches assert, the clock or the random source"],
  [90, "reads the expected values from the test file"],
  [91, "inherited environment"],
  [92, "terminal input injection (TIOCSTI)"],
  [93, "kernel settings under /proc/sys"],
  [94, "build and test hooks"],
  [95, "poisons a shared build cache"],
]);

type Reason = readonly [reason: string, numbers: readonly number[]];

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const ALLOW_LIST: Reason = ["there is no network allow list: the network is closed", [67, 68]];
const NO_ARTIFACTS: Reason = [
  "files are handed back in one way for all languages: Python tries it",
  [39, 41, 42],
];
const NO_FILES_BACK: Reason = ["it has no file system from which files could be handed back", [39, 41, 42]];
const NO_PROCESSES: Reason = [
  "the runtime has no processes, signals, descriptors or threads of its own: asking for them is tried under 5, 19, 20, 23 and 60",
  [3, 4, 6, 11, 12, 21, 22, 24, 36],
];
const NO_SYSTEM_CALLS: Reason = [
  "the runtime makes no system calls for the program",
  [43, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 59, 63, 64, 92],
];
const REALM: Reason = ["about a JavaScript engine that stands apart from Node", range(70, 80)];
const WASM_PYTHON: Reason = ["about Python in WebAssembly; 30 is the same for others", [81, 82]];
const NO_CACHE: Reason = ["nothing is compiled or cached for the next run", [95]];
const SHARED_VERDICTS: Reason = [
  "its tests share a process with the candidate, which may read and patch what they compare with: not held by construction",
  [84, 85, 89, 90],
];

/** Why numbers do not apply, by driver and language. */
const REASONS: Readonly<Record<string, readonly Reason[]>> = {
  "namespace javascript": [
    ALLOW_LIST,
    NO_ARTIFACTS,
    REALM,
    WASM_PYTHON,
    ["Node reaps its children", [21]],
    [
      "Node makes no raw system calls; Python and Go try them in the same sandbox",
      [24, 48, 51, 52, 53, 54, 55, 56, 59],
    ],
  ],
  "namespace python": [ALLOW_LIST, REALM, WASM_PYTHON],
  "namespace go": [
    ALLOW_LIST,
    NO_ARTIFACTS,
    REALM,
    WASM_PYTHON,
    ["Go's expressions take linear time, and it has no microtasks or spread of that kind", [8, 9, 14]],
    ["the same as in Python: no difference of language", [24, 55, 59]],
    ["Go compares by type and binds statically: nothing can be equal to all or be patched", [85, 89]],
  ],
  "namespace rust": [
    ALLOW_LIST,
    NO_ARTIFACTS,
    REALM,
    WASM_PYTHON,
    ["its library has no regular expressions, event loop, spread, JSON or archives", [8, 9, 14, 15, 29]],
    ["the same as in Python: no difference of language", [55, 59]],
    SHARED_VERDICTS,
  ],
  "namespace java": [
    ALLOW_LIST,
    NO_ARTIFACTS,
    REALM,
    WASM_PYTHON,
    ["it has no microtasks", [9]],
    [
      "the virtual machine reaps its children, and cannot fork: the system's programs are its fork bomb",
      [21, 24],
    ],
    [
      "Java makes no raw system calls; Python, Go and Rust try them in the same sandbox",
      [48, 51, 52, 53, 54, 55, 56, 59],
    ],
    SHARED_VERDICTS,
  ],
  "namespace bash": [
    [
      "bash runs the system's programs in the same sandbox in which the other languages try the rest",
      range(1, 95),
    ],
    ALLOW_LIST,
    NO_ARTIFACTS,
    REALM,
    WASM_PYTHON,
  ],
  "isolate javascript": [
    ALLOW_LIST,
    NO_FILES_BACK,
    NO_PROCESSES,
    NO_SYSTEM_CALLS,
    NO_CACHE,
    ["its file system holds the run's own files, in memory, read-only", [25, 26, 27, 28, 29, 40]],
    ["it compiles nothing but JavaScript", [7]],
    ["about Python in WebAssembly", [81]],
  ],
  "pyodide python": [
    ALLOW_LIST,
    NO_FILES_BACK,
    NO_PROCESSES,
    NO_SYSTEM_CALLS,
    NO_CACHE,
    REALM,
    ["it compiles nothing but Python", [7]],
    ["its sockets end in the runtime, which has none", [66]],
  ],
};

/** Which numbers of the catalogue no case applies to, on one driver in one language, and why. "?" when no reason is given. */
export function notApplied(
  cases: readonly HostileCase[],
  driver: DriverName,
  language: HostileCase["language"],
): ReadonlyMap<number, string> {
  const applied = new Set(
    cases
      .filter((item) => item.drivers.includes(driver) && item.language === language)
      .flatMap((item) => item.numbers),
  );
  const key = `${driver === "quickjs" ? "isolate" : driver} ${language}`;
  const reasons = new Map(
    (REASONS[key] ?? []).flatMap(([reason, numbers]) => numbers.map((number) => [number, reason] as const)),
  );
  return new Map(
    [...CATALOGUE.keys()]
      .filter((number) => !applied.has(number))
      .map((number) => [number, reasons.get(number) ?? "?"]),
  );
}
