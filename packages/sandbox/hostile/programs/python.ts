import type { Control, HostileCase, ProgramCase } from "../types.js";
import { PYTHON_ATTEMPTS } from "./python-attempts.js";

const MEBIBYTE = 1024 * 1024;
const DRIVERS = ["namespace"] as const;

type Rest = Omit<ProgramCase, "kind" | "drivers" | "language" | "name" | "numbers" | "program">;

function python(numbers: readonly number[], name: string, program: string, rest: Rest): ProgramCase {
  return { kind: "program", drivers: DRIVERS, language: "python", numbers, name, program, ...rest };
}

const WORKS_A_WHILE: Control = {
  program: "import time\ntime.sleep(0.3)\nprint(sum(range(10**6)))",
  prints: "499999500000",
};
const SOME_MEMORY: Control = {
  program: "x = bytearray(b'x') * (100 * 2**20)\nprint(len(x))",
  prints: "104857600",
};
const SOME_CHILDREN: Control = {
  program:
    "import subprocess\nprint(subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout, end='')",
  prints: "child",
};
const OWN_FOLDER: Control = {
  program: "open('a', 'w').write('mine')\nprint(open('/work/a').read())",
  prints: "mine",
};
const PRINTS: Control = { program: "import sys\nprint('é', flush=True)\nsys.stderr.write('x')", prints: "é" };
const LOOPS: Rest = { ends: ["wall-time"], limits: { wallMs: 1000 }, waits: true, control: WORKS_A_WHILE };

/** Python programs for drivers that run the real interpreter. */
export const PYTHON_CASES: readonly HostileCase[] = [
  python([1], "busy loop", "print('on', flush=True)\nwhile True: pass", { ...LOOPS, reports: "on" }),
  python([2], "sleeps for ever", "import time\nprint('on', flush=True)\ntime.sleep(10**6)", {
    ...LOOPS,
    reports: "on",
  }),
  python(
    [3],
    "ignores every signal that can be ignored",
    "import signal, time\nfor s in range(1, 32):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\nprint('on', flush=True)\nwhile True: time.sleep(1)",
    { ...LOOPS, reports: "on" },
  ),
  python(
    [4],
    "a child burns CPU",
    "import os\nif os.fork() == 0:\n  print('on', flush=True)\n  while True: pass\nos.wait()",
    {
      ...LOOPS,
      reports: "on",
    },
  ),
  python(
    [5],
    "a child outlives its parent",
    "import os, time\nif os.fork() == 0:\n  time.sleep(10**6)\nprint('parent')",
    { ends: ["exited"], prints: "parent", control: SOME_CHILDREN },
  ),
  python(
    [6],
    "a daemon with setsid that closes its streams",
    "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    os.closerange(0, 100)\n    time.sleep(10**6)\n  os._exit(0)\nos.wait()\nprint('parent')",
    { ends: ["exited"], prints: "parent", control: SOME_CHILDREN },
  ),
  python(
    [7],
    "compiler bomb: an endless source, and expressions without end",
    "import os\nif os.fork() == 0: exec(compile('+'.join(['1'] * 10**6), 'bomb', 'exec'))\nelse:\n  os.wait()\n  print('on', flush=True)\n  exec(open('/dev/zero').read())",
    {
      ends: ["memory", "exited", "wall-time"],
      reports: "on",
      control: { program: "exec(compile('print(1+1)', 'x', 'exec'))", prints: "2" },
    },
  ),
  python(
    [8],
    "catastrophic regex",
    "import re\nprint('on', flush=True)\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    {
      ...LOOPS,
      reports: "on",
      control: { program: "import re\nprint(bool(re.match(r'(a+)+$', 'aaa')))", prints: "True" },
    },
  ),
  python(
    [9],
    "an event loop that never rests",
    "import asyncio\nasync def again():\n  print('on', flush=True)\n  while True: await asyncio.sleep(0)\nasyncio.run(again())",
    {
      ...LOOPS,
      reports: "on",
      control: {
        program:
          "import asyncio\nasync def one():\n  await asyncio.sleep(0.01)\n  return 7\nprint(asyncio.run(one()))",
        prints: "7",
      },
    },
  ),
  python([10], "touched allocation", "x = bytearray(b'x') * (600 * 2**20)\nprint(len(x))", {
    ends: ["memory"],
    control: SOME_MEMORY,
  }),
  python(
    [11],
    "memory split over forks",
    "import os, time\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(b'x') * (80 * 2**20)\n    time.sleep(3)\n    os._exit(0)\nif any([os.wait()[1] for i in range(8)]): raise SystemExit(1)",
    { ends: ["memory"], waits: true, control: SOME_CHILDREN },
  ),
  python(
    [12],
    "hoards in memfd",
    "import os\nf = os.memfd_create('x')\nfor i in range(600): os.write(f, b'x' * 2**20)",
    {
      ends: ["memory"],
      control: {
        program: "import os\nf = os.memfd_create('x')\nprint(os.write(f, b'x' * 2**20))",
        prints: "1048576",
      },
    },
  ),
  python(
    [12],
    "hoards in /dev/shm and /tmp",
    "import os\nfor folder in ('/dev/shm', '/tmp'):\n  try:\n    with open(folder + '/x', 'wb') as f:\n      for i in range(400): f.write(b'x' * 2**20)\n    print('unbounded')\n  except OSError as e:\n    print('bounded')\n  os.remove(folder + '/x')",
    {
      ends: ["exited", "disk"],
      limits: { memoryBytes: 1024 * MEBIBYTE },
      prints: "bounded\nbounded",
      control: OWN_FOLDER,
    },
  ),
  python(
    [13],
    "infinite recursion",
    "def f(): return f()\ntry: f()\nexcept RecursionError: print('caught')",
    {
      ends: ["exited"],
      prints: "caught",
      control: { program: "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(800))", prints: "800" },
    },
  ),
  python(
    [14],
    "giant spread",
    "def f(*a): return len(a)\nprint('on', flush=True)\nprint(f(*([0] * 10**8), *([0] * 10**8)))",
    {
      ends: ["memory"],
      reports: "on",
      control: { program: "def f(*a): return len(a)\nprint(f(*([0] * 1000)))", prints: "1000" },
    },
  ),
  python(
    [15],
    "JSON amplification",
    "import json\nprint('on', flush=True)\ntext = '[' + ','.join(['{\"a\":[1]}'] * 50000) + ']'\nkept = []\nwhile True: kept.append(json.loads(text))",
    {
      ends: ["memory"],
      reports: "on",
      control: { program: "import json\nprint(json.loads('[1,[2]]')[1][0])", prints: "2" },
    },
  ),
  python(
    [16],
    "native buffers",
    "import mmap\nprint('on', flush=True)\nkept = []\nwhile True:\n  kept.append(mmap.mmap(-1, 2**24))\n  kept[-1].write(b'x' * 2**24)",
    {
      ends: ["memory"],
      reports: "on",
      control: {
        program: "import mmap\nm = mmap.mmap(-1, 4096)\nprint(m.write(b'x' * 4096))",
        prints: "4096",
      },
    },
  ),
  python(
    [17],
    "parser overflow by a giant eval",
    "import os, sys\nif os.fork() == 0:\n  os.close(2)\n  sys.setrecursionlimit(10**9)\n  eval('(' * 10**6)\nos.wait()\ntry: eval('-' * 10**5 + '1')\nexcept (RecursionError, MemoryError, SyntaxError): pass\nprint('on')",
    { ends: ["exited"], prints: "on", control: { program: "print(eval('(1 + 1)'))", prints: "2" } },
  ),
  python([19], "fork bomb", "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", {
    ends: ["processes", "wall-time"],
    limits: { wallMs: 1500 },
    control: SOME_CHILDREN,
  }),
  python(
    [20],
    "thread bomb",
    "import os, threading, time\nn = 0\ntry:\n  while n < 5000:\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n    n += 1\nexcept RuntimeError: pass\nprint('bounded' if n < 5000 else 'unbounded', flush=True)\nos._exit(0)",
    {
      ends: ["exited", "processes"],
      prints: "bounded",
      control: {
        program:
          "import threading\nt = threading.Thread(target=print, args=('thread',))\nt.start()\nt.join()",
        prints: "thread",
      },
    },
  ),
  python(
    [21, 22],
    "zombie farm, descriptors",
    "import os\nn = 0\ntry:\n  while n < 5000:\n    if os.fork() == 0: os._exit(0)\n    n += 1\nexcept OSError: pass\nprint(21, 'refused' if n < 5000 else n)\nkept = []\ntry:\n  while len(kept) < 5000: kept.append(os.dup(0))\nexcept OSError: pass\nprint(22, 'refused' if len(kept) < 1100 else len(kept))",
    { ends: ["exited", "processes"], attempts: true, control: SOME_CHILDREN },
  ),
  python([23], "kill(-1)", "import os, signal\nos.kill(-1, signal.SIGKILL)\nprint('still here')", {
    ends: ["exited", "signal"],
    control: {
      program:
        "import os, signal, time\nchild = os.fork()\nif child == 0: time.sleep(100)\nos.kill(child, signal.SIGKILL)\nprint(os.wait()[1])",
      prints: "9",
    },
  }),
  python(
    [24],
    "a fork bomb that only memory bounds",
    "import os\nwhile True:\n  try:\n    if os.fork() == 0: kept = bytearray(b'x') * 2**20\n  except OSError: pass",
    {
      ends: ["memory", "processes", "wall-time"],
      limits: { wallMs: 3000, memoryBytes: 96 * MEBIBYTE, processes: 4096 },
      control: SOME_CHILDREN,
    },
  ),
  python(
    [25],
    "large files",
    "for i in range(20):\n  with open('large%d' % i, 'wb') as f:\n    for n in range(100): f.write(b'x' * 2**20)",
    {
      ends: ["disk"],
      limits: { memoryBytes: 1024 * MEBIBYTE },
      control: OWN_FOLDER,
    },
  ),
  python(
    [26],
    "a million inodes",
    "i = 0\ntry:\n  while i < 10**6:\n    open('f%d' % i, 'w').close()\n    i += 1\nexcept OSError: pass\nprint('bounded' if i < 10**6 else 'unbounded')",
    {
      ends: ["disk", "memory", "wall-time", "exited"],
      limits: { wallMs: 4000 },
      control: OWN_FOLDER,
    },
  ),
  python(
    [27],
    "a sparse file",
    "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\ntry:\n  with open('sparse', 'wb') as f: f.truncate(2**40)\n  print('sparse')\nexcept OSError: print('refused')",
    { ends: ["exited", "disk"], prints: "refused", control: OWN_FOLDER },
  ),
  python(
    [28],
    "very deep folders",
    "import os\nn = 0\ntry:\n  while n < 10**5:\n    os.mkdir('d'); os.chdir('d')\n    n += 1\nexcept OSError: pass\nprint('done')",
    { ends: ["exited", "memory", "disk", "wall-time"], limits: { wallMs: 4000 }, control: OWN_FOLDER },
  ),
  python(
    [29],
    "zip bomb",
    "import io, zipfile\nb = io.BytesIO()\nwith zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z:\n  with z.open('x', 'w', force_zip64=True) as f:\n    for i in range(400): f.write(bytes(2**20))\nprint(len(b.getvalue()) < 2**20, flush=True)\nprint(len(zipfile.ZipFile(b).read('x')))",
    {
      ends: ["memory"],
      prints: "True",
      control: {
        program:
          "import io, zipfile\nb = io.BytesIO()\nwith zipfile.ZipFile(b, 'w') as z: z.writestr('x', 'hi')\nprint(zipfile.ZipFile(b).read('x').decode())",
        prints: "hi",
      },
    },
  ),
  python(
    [30],
    "leftovers of one run seen by the next",
    "import os\nprint([f for f in ('/work/left', '/tmp/left', '/dev/shm/left') if os.path.exists(f)] or 'clean')",
    {
      before: "for f in ('/work/left', '/tmp/left', '/dev/shm/left'): open(f, 'w').write('x')",
      ends: ["exited"],
      prints: "clean",
      control: OWN_FOLDER,
    },
  ),
  python([31], "endless stdout", "while True: print('y' * 999)", { ends: ["output"], control: PRINTS }),
  python([32], "stderr flood", "import sys\nwhile True: sys.stderr.write('x' * 65536)", {
    ends: ["output"],
    control: PRINTS,
  }),
  python(
    [33, 34, 37],
    "invalid UTF-8, a split code point, NUL, terminal escapes",
    "import os, time\nos.write(1, b'\\xc3')\ntime.sleep(0.05)\nos.write(1, b'\\xa9|\\xff|\\0|\\x1b[31m')",
    { ends: ["exited"], prints: "é|\ufffd|\0|\u001b[31m", control: PRINTS },
  ),
  python([35], "one line of 100 MB", "import sys\nsys.stdout.write('x' * 100_000_000)", {
    ends: ["output"],
    control: PRINTS,
  }),
  python(
    [36],
    "closes stdout and keeps running",
    "import os, time\nprint('on', flush=True)\nos.closerange(0, 100)\ntime.sleep(10**6)",
    { ...LOOPS, reports: "on" },
  ),
  python(
    [39, 41, 42],
    "artifacts that are links, a queue, and a folder that changes places while it is read",
    `import os, signal
open('good.txt', 'w').write('mine')
os.symlink('@SECRET@', 'link.txt')
os.symlink('@FOLDER@', 'away')
os.mkfifo('queue')
os.mkdir('real')
open('real/secret.txt', 'w').write('mine')
os.symlink('@FOLDER@', 'other')
os.rename('real', 'swapped')
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.setsid()
    os.closerange(0, 100)
    while True:
        os.rename('swapped', 'real'); os.rename('other', 'swapped')
        os.rename('swapped', 'other'); os.rename('real', 'swapped')
print('on')`,
    {
      ends: ["exited"],
      prints: "on",
      artifacts: {
        "good.txt": "handed back",
        "link.txt": "refused",
        "away/secret.txt": "refused",
        queue: "refused",
        "swapped/secret.txt": "either",
      },
      control: OWN_FOLDER,
    },
  ),
  ...PYTHON_ATTEMPTS,
];
