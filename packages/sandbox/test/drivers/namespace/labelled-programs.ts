import { spawnSync } from "node:child_process";
import type { Language, RunLimits, RunStatus } from "@agentos/core";

const MEBIBYTE = 1024 * 1024;

/** A program of which is known how it ends. */
export interface LabelledProgram {
  readonly name: string;
  readonly language: Language;
  readonly program: string;
  readonly limits?: RunLimits;
  readonly status: RunStatus;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Whether the label needs a control group. */
  readonly group?: boolean;
}

type Rest = Partial<Omit<LabelledProgram, "name" | "language" | "program" | "status">>;
const of =
  (language: Language) =>
  (name: string, status: RunStatus, program: string, rest: Rest = {}): LabelledProgram => ({
    name: `${language}: ${name}`,
    language,
    program,
    status,
    ...(status === "exited" && rest.exitCode === undefined ? { exitCode: 0 } : {}),
    ...rest,
  });
const python = of("python");
const javascript = of("javascript");
const go = (
  name: string,
  status: RunStatus,
  imports: string,
  body: string,
  rest: Rest = {},
): LabelledProgram =>
  of("go")(
    name,
    status,
    `package main\n\nimport (\n${imports
      .split(" ")
      .filter(Boolean)
      .map((path) => `\t"${path}"\n`)
      .join("")})\n\nfunc main() {\n${body}\n}\n`,
    rest,
  );

const SMALL = {
  memoryBytes: 128 * MEBIBYTE,
  processes: 24,
  diskBytes: 4 * MEBIBYTE,
  fileBytes: 2 * MEBIBYTE,
};
const memory = { limits: { memoryBytes: SMALL.memoryBytes }, group: true };
const processes = { limits: { processes: SMALL.processes, wallMs: 4000 } };
const disk = { limits: { diskBytes: SMALL.diskBytes } };
const file = { limits: { fileBytes: SMALL.fileBytes } };
const wall = { limits: { wallMs: 700 } };
const cpu = { limits: { cpuMs: 400 } };

const FILL = "chunk = b'x' * 65536\nwith open('big', 'wb') as f:\n  for i in range(200): f.write(chunk)\n";

const CALLS_IN_32_BIT = `import ctypes, mmap
code = bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3])
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()`;

/** A kernel that has no 32-bit system calls ends the program itself, also outside of any sandbox. */
const KERNEL_KNOWS_32_BIT = spawnSync("python3", ["-c", CALLS_IN_32_BIT]).signal !== "SIGSEGV";

/** Programs in all languages and for all ends that a program can bring about by itself. */
export const LABELLED_PROGRAMS: readonly LabelledProgram[] = [
  // By themselves.
  python("ends", "exited", "print('done')"),
  python("raises", "exited", "raise ValueError('no')", { exitCode: 1 }),
  python("exits with 3", "exited", "raise SystemExit(3)", { exitCode: 3 }),
  python("chooses 137", "exited", "import os\nos._exit(137)", { exitCode: 137 }),
  python("chooses 139", "exited", "raise SystemExit(139)", { exitCode: 139 }),
  python("chooses 159", "exited", "raise SystemExit(159)", { exitCode: 159 }),
  python("chooses 255", "exited", "raise SystemExit(-1)", { exitCode: 255 }),
  javascript("ends", "exited", "console.log('done')"),
  javascript("throws", "exited", "throw new Error('no')", { exitCode: 1 }),
  javascript("chooses 137", "exited", "process.exit(137)", { exitCode: 137 }),
  javascript("chooses 143", "exited", "process.exit(143)", { exitCode: 143 }),
  go("ends", "exited", "fmt", 'fmt.Println("done")'),
  go("panics", "exited", "", 'panic("no")', { exitCode: 2 }),
  go("chooses 137", "exited", "os", "os.Exit(137)", { exitCode: 137 }),
  python(
    "says that there is no memory, and ends well",
    "exited",
    "import sys\nprint('MemoryError', file=sys.stderr)",
  ),
  python("leaves a child behind", "exited", "import os, time\nif os.fork() == 0: time.sleep(100)"),
  // Not even started.
  python("does not parse", "invalid", "def f(:\n  pass"),
  javascript("does not parse", "invalid", "function ( {"),
  go("does not compile", "invalid", "fmt", "fmt.Println(undefinedName)"),
  // Memory.
  python("touches too much", "memory", "x = bytearray(b'x') * (400 * 2**20)", memory),
  javascript(
    "keeps buffers",
    "memory",
    "const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 20, 1));",
    memory,
  ),
  javascript("keeps objects", "memory", "const kept = []; for (;;) kept.push({ a: [kept.length] });", memory),
  go(
    "keeps slices",
    "memory",
    "fmt",
    "var kept [][]byte\nfor { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; kept = append(kept, b); if len(kept) < 0 { fmt.Println(kept) } }",
    memory,
  ),
  python(
    "hoards in a memory file",
    "memory",
    "import os\nf = os.memfd_create('x')\nfor i in range(400): os.write(f, b'x' * 2**20)",
    memory,
  ),
  python(
    "fails since its child was killed for memory",
    "memory",
    "import subprocess, sys\nsubprocess.run([sys.executable, '-c', \"x = bytearray(b'x') * (400 * 2**20)\"], check=True)",
    memory,
  ),
  python(
    "ends well although its child was killed for memory",
    "exited",
    "import subprocess, sys\nsubprocess.run([sys.executable, '-c', \"x = bytearray(b'x') * (400 * 2**20)\"])",
    memory,
  ),
  python("asks for what no machine has", "memory", "x = bytearray(2**50)"),
  python(
    "asks for what no machine has, and copes",
    "exited",
    "try: x = bytearray(2**50)\nexcept MemoryError: pass",
  ),
  python(
    "limits itself, and runs out",
    "memory",
    "import resource\nresource.setrlimit(resource.RLIMIT_AS, (200 * 2**20,) * 2)\nx = bytearray(400 * 2**20)",
  ),
  // Time.
  python("sleeps", "wall-time", "import time\ntime.sleep(100)", wall),
  python("burns", "wall-time", "while True: pass", wall),
  python(
    "ignores SIGTERM",
    "wall-time",
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(100)",
    wall,
  ),
  javascript("waits", "wall-time", "setInterval(() => {}, 1000)", wall),
  javascript("starves its microtasks", "wall-time", "const f = () => Promise.resolve().then(f); f();", wall),
  go("waits", "wall-time", "time", "time.Sleep(time.Hour)", { limits: { wallMs: 4000 } }),
  python("burns its CPU time", "cpu-time", "while True: pass", cpu),
  javascript("burns its CPU time", "cpu-time", "for (;;) {}", cpu),
  python(
    "burns it in two children",
    "cpu-time",
    "import os\nfor i in range(2):\n  if os.fork() == 0:\n    while True: pass\nos.wait()",
    { ...cpu, group: true },
  ),
  python(
    "ignores SIGXCPU",
    "cpu-time",
    "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
    cpu,
  ),
  python(
    "hangs after its child was killed for memory",
    "wall-time",
    "import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', \"x = bytearray(b'x') * (400 * 2**20)\"])\ntime.sleep(100)",
    { limits: { memoryBytes: SMALL.memoryBytes, wallMs: 2500 }, group: true },
  ),
  // Processes.
  python("forks for ever", "processes", "import os\nwhile True: os.fork()", processes),
  python(
    "forks for ever, and takes no for an answer",
    "processes",
    "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
    { ...processes, group: true },
  ),
  python(
    "starts threads",
    "processes",
    "import threading, time\nfor i in range(200): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    processes,
  ),
  python(
    "starts threads that it waits for",
    "processes",
    "import threading, time\nfor i in range(200): threading.Thread(target=time.sleep, args=(60,)).start()",
    { ...processes, group: true },
  ),
  python(
    "is refused a process, and copes",
    "exited",
    "import os, time\ntry:\n  for i in range(200):\n    if os.fork() == 0:\n      time.sleep(0.3)\n      os._exit(0)\nexcept OSError: print('enough')",
    processes,
  ),
  javascript(
    "is refused processes",
    "processes",
    "const { spawnSync, spawn } = require('child_process'); for (let i = 0; i < 200; i++) { const c = spawn('/bin/sleep', ['9']); c.on('error', (e) => { throw e; }); }",
    processes,
  ),
  go(
    "is refused processes",
    "processes",
    "os/exec",
    'for i := 0; i < 200; i++ { if err := exec.Command("/bin/sleep", "9").Start(); err != nil { panic(err) } }',
    { limits: { processes: 60 } },
  ),
  // Disk.
  python("fills its folder", "disk", FILL, disk),
  python("fills /tmp", "disk", `import os\nos.chdir('/tmp')\n${FILL}`, disk),
  python(
    "fills its folder, removes what it wrote, and fails",
    "disk",
    `import os\ntry:\n  ${FILL.replaceAll("\n", "\n  ")}\nfinally: os.remove('big')`,
    disk,
  ),
  python(
    "fills its folder, and copes",
    "exited",
    `try:\n  ${FILL.replaceAll("\n", "\n  ")}pass\nexcept OSError: pass`,
    disk,
  ),
  javascript("fills its folder", "disk", "require('fs').writeFileSync('big', Buffer.alloc(2 ** 24))", disk),
  go(
    "fills its folder",
    "disk",
    "os",
    'if err := os.WriteFile("/work/big", make([]byte, 200<<20), 0o644); err != nil { panic(err) }',
    {
      limits: { diskBytes: 128 * MEBIBYTE, memoryBytes: 1024 * MEBIBYTE },
    },
  ),
  python("writes too large a file", "disk", FILL, file),
  python(
    "writes too large a file without catching the signal",
    "disk",
    `import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n${FILL}`,
    file,
  ),
  javascript(
    "writes too large a file",
    "disk",
    "require('fs').writeFileSync('big', Buffer.alloc(2 ** 22))",
    file,
  ),
  // Output.
  python("floods stdout", "output", "while True: print('x' * 1000)", { limits: { outputBytes: 65_536 } }),
  javascript("floods stderr", "output", "for (;;) require('fs').writeSync(2, 'x'.repeat(1000));", {
    limits: { outputBytes: 65_536 },
  }),
  // Signals.
  python("kills itself", "signal", "import os\nos.kill(os.getpid(), 9)", { signal: "SIGKILL" }),
  python("terminates itself", "signal", "import os\nos.kill(os.getpid(), 15)", { signal: "SIGTERM" }),
  python("interrupts itself", "signal", "import os\nos.kill(os.getpid(), 2)", { signal: "SIGINT" }),
  python("reads address 0", "signal", "import ctypes\nctypes.string_at(0)", { signal: "SIGSEGV" }),
  python("aborts", "signal", "import os\nos.abort()", { signal: "SIGABRT" }),
  javascript("kills itself", "signal", "process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 1000);", {
    signal: "SIGKILL",
  }),
  javascript("aborts", "signal", "process.abort()", { signal: "SIGABRT" }),
  go(
    "kills itself",
    "signal",
    "syscall time",
    "syscall.Kill(syscall.Getpid(), syscall.SIGKILL)\ntime.Sleep(time.Second)",
    {
      signal: "SIGKILL",
    },
  ),
  python(
    "kills everything it can",
    "exited",
    "import os\ntry: os.kill(-1, 9)\nexcept OSError: pass\nprint('alone')",
  ),
  // Policy.
  python("makes a 32-bit system call", KERNEL_KNOWS_32_BIT ? "policy" : "signal", CALLS_IN_32_BIT),
  python("makes an x32 system call", "policy", "import ctypes\nctypes.CDLL(None).syscall(0x40000000 + 39)"),
  python(
    "makes a system call that is only refused",
    "exited",
    "import ctypes\nassert ctypes.CDLL(None, use_errno=True).syscall(101, 0) == -1\nassert ctypes.get_errno() == 1",
  ),
];
