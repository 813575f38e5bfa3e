import type { Control, HostileCase, ProgramCase } from "../types.js";

type Attack = Pick<ProgramCase, "numbers" | "name" | "program" | "ends"> &
  Partial<Pick<ProgramCase, "control" | "limits" | "prints" | "waits" | "before">>;

const PRINTS: Control = { program: "print('é')", prints: "é" };

const ATTACKS: readonly Attack[] = [
  {
    numbers: [1],
    name: "busy loop",
    program: "print('on')\nwhile True: pass",
    ends: ["wall-time"],
    limits: { wallMs: 1000 },
    waits: true,
    prints: "on",
  },
  {
    numbers: [2],
    name: "sleeps for ever",
    program: "import time\ntime.sleep(1e6)",
    ends: ["wall-time"],
    limits: { wallMs: 1000 },
    waits: true,
    control: { program: "import time\ntime.sleep(0.05)\nprint('done')", prints: "done" },
  },
  {
    numbers: [8],
    name: "catastrophic regex",
    program: "import re\nre.match('^(a+)+$', 'a' * 40 + 'b')",
    ends: ["wall-time"],
    limits: { wallMs: 1000 },
    waits: true,
    control: { program: "import re\nprint(bool(re.match('^(a+)+$', 'aaa')))", prints: "True" },
  },
  {
    numbers: [9],
    name: "an event loop that never rests",
    program: "import asyncio\nasync def again():\n  while True: await asyncio.sleep(0)\nasyncio.run(again())",
    ends: ["wall-time"],
    limits: { wallMs: 1000 },
    waits: true,
    control: {
      program:
        "import asyncio\nasync def one():\n  await asyncio.sleep(0.01)\n  return 7\nprint(asyncio.run(one()))",
      prints: "7",
    },
  },
  {
    numbers: [10],
    name: "touched allocation",
    program: "kept = []\nwhile True: kept.append(bytearray(b'x' * 10**6))",
    ends: ["memory"],
    control: { program: "print(len(bytearray(b'x' * 10**6)))", prints: "1000000" },
  },
  {
    numbers: [13],
    name: "infinite recursion",
    program: "def f(): return f() + 1\ntry: f()\nexcept RecursionError: print('caught')",
    ends: ["exited"],
    prints: "caught",
    control: { program: "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(800))", prints: "800" },
  },
  {
    numbers: [13],
    name: "recursion through C code",
    program:
      "import sys\nsys.setrecursionlimit(10**8)\nclass A:\n  def __repr__(self): return repr(self)\nprint('on', flush=True)\nrepr(A())",
    ends: ["exited", "memory", "signal", "wall-time"],
    limits: { wallMs: 8000 },
  },
  { numbers: [14], name: "giant list", program: "[0] * (10 ** 9)", ends: ["memory", "exited"] },
  {
    numbers: [17],
    name: "deep nesting in eval",
    program: "try: eval('(' * 10**6)\nexcept BaseException: print('caught')",
    ends: ["exited"],
    prints: "caught",
  },
  { numbers: [31], name: "endless stdout", program: "while True: print('y' * 999)", ends: ["output"] },
  {
    numbers: [32],
    name: "stderr flood",
    program: "import sys\nwhile True: print('y' * 999, file=sys.stderr)",
    ends: ["output"],
  },
  {
    numbers: [33],
    name: "invalid UTF-8",
    program: "import sys\nsys.stdout.buffer.write(b'a\\xffb')\nsys.stdout.flush()",
    ends: ["exited"],
    prints: "a\ufffdb",
    control: { program: "print('\\U0001F600')", prints: "\u{1F600}" },
  },
  { numbers: [34], name: "NUL bytes", program: "print('a\\0b')", ends: ["exited"], prints: "a\0b" },
  {
    numbers: [16],
    name: "memory asked of JavaScript",
    program:
      "import pyodide_js\nb = pyodide_js._module.HEAPU8.constructor\nkept = []\nwhile True: kept.append(b.new(10**8).fill(1))",
    ends: ["memory", "exited", "signal"],
  },
  {
    numbers: [16],
    name: "grows the memory itself",
    program: "import pyodide_js\nprint('on')\npyodide_js._module.memory.grow(60000)",
    ends: ["exited", "memory"],
    prints: "on",
  },
];

/** Ways from Python into the JavaScript around it. Each prints "refused", or what it got hold of. */
const ESCAPES: Readonly<Record<string, string>> = {
  "js has nothing":
    "import js\ngot = [name for name in ('process', 'require', 'globalThis', 'fetch', 'WebSocket', 'Function', 'eval', 'console', 'Object') if hasattr(js, name)]\nprint(got or 'refused')",
  run_js: "from pyodide.code import run_js\nprint(run_js('typeof process'))",
  "eval through the module": "import pyodide_js\nprint(pyodide_js._module.eval('1'))",
  "Function by constructor":
    "import pyodide_js\nprint(pyodide_js._module.FS.constructor.constructor('return 1')())",
  "async Function by constructor":
    "import pyodide_js\nprint(pyodide_js.loadPackage.constructor('return 1')())",
  "Function of a stream's writer":
    "import pyodide_js\nprint(pyodide_js.setStdout.constructor('return this')())",
  emscripten_run_script:
    "import pyodide_js\nm = pyodide_js._module\np = m.stringToNewUTF8('1')\nm._emscripten_run_script(p)\nprint('ran')",
  "a package from the network":
    "import pyodide_js\nimport asyncio\npyodide_js.loadPackage('http://127.0.0.1:@PORT@/x-1-py3-none-any.whl')\nprint('refused')",
  open_url: "from pyodide.http import open_url\nprint(open_url('http://127.0.0.1:@PORT@/').read())",
  urllib:
    "import urllib.request\nprint(urllib.request.urlopen('http://127.0.0.1:@PORT@/', timeout=2).read())",
  "a socket":
    "import socket\ns = socket.socket()\ns.settimeout(2)\ns.connect(('127.0.0.1', @PORT@))\ns.send(b'x')\nprint('connected')",
  "Node's sockets": "import pyodide_js\npyodide_js._api.initializeNodeSockFS()\nprint('refused')",
  "Node's sockets, awaited": "import pyodide_js\npyodide_js.useNodeSockFS()\nprint('refused')",
  "mounting the host's files":
    "import pyodide_js\npyodide_js.mountNodeFS('/mnt', '@FOLDER@')\nprint(open('/mnt/secret.txt').read())",
  NODEFS:
    "import pyodide_js\nfs = pyodide_js.FS\nfs.mkdir('/mnt')\nfs.mount(fs.filesystems.NODEFS, {'root': '@FOLDER@'}, '/mnt')\nprint(open('/mnt/secret.txt').read())",
  "the loader of binary files":
    "import pyodide_js\nprint(pyodide_js._api.loadBinaryFile('@FOLDER@/secret.txt'))\nprint('refused')",
  "a file by path": "print(open('@FOLDER@/secret.txt').read())",
  "the process's environment": "print(open('/proc/self/environ').read())",
  "a subprocess": "import subprocess\nprint(subprocess.check_output(['cat', '@FOLDER@/secret.txt']))",
  "os.system": "import os\nprint('refused' if os.system('touch @FOLDER@/touched') != 0 else 'ran')",
  "a fork": "import os\nprint(os.fork())",
  "another name": "import socket\nprint(socket.create_connection(('planted-secret.example.org', 80), 2))",
  "a thread": "import threading\nthreading.Thread(target=print).start()\nprint('started')",
  "a signal to all": "import os\nos.kill(@PROCESS@, 9)\nos.kill(-1, 9)\nprint('refused')",
  "a link to the host": "import os\nos.symlink('@SECRET@', 'link')\nprint(open('link').read())",
  "hooks of the host": "open('@FOLDER@/.git/hooks/post-checkout', 'w').write('x')\nprint('wrote')",
  "kernel settings": "import os\nprint(os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY))",
  "control groups": "import os\nprint(os.listdir('/sys/fs/cgroup'))",
  "the container socket":
    "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('@SOCKET@')\nprint('connected')",
  descriptors: "import os\nprint(os.read(3, 8))",
  ctypes: "import ctypes\nprint('ran' if ctypes.CDLL(None).system(b'id') == 0 else 'refused')",
  "writing to the host": "open('@FOLDER@/secret.txt', 'w').write('changed')\nprint('wrote')",
  prepareStackTrace: `import pyodide_js
from pyodide.ffi import create_proxy
error = pyodide_js._module.FS.ErrnoError.prototype.constructor
base = pyodide_js._module.HEAPU8.constructor.constructor
found = []
def trap(error, frames):
    for i in range(frames.length):
        for value in (frames[i].getThis(), frames[i].getFunction()):
            if value is not None: found.append(value)
        try: found.append(frames.constructor.constructor('return process')())
        except BaseException: pass
    return ''
try:
    Error = pyodide_js._api.deserializeError('Error', 'x', 'y').constructor
    Error.prepareStackTrace = create_proxy(trap)
    try: pyodide_js._api.loadBinaryFile('/etc/passwd')
    except BaseException as e: str(getattr(e, 'js_error', e) and e.js_error.stack)
except BaseException: pass
print([value for value in found if hasattr(value, 'binding') or hasattr(value, 'mainModule')] or 'refused')`,
  "a replaced set gets no bytes of the host": `import pyodide_js
from pyodide.ffi import create_proxy
found = []
prototype = pyodide_js._module.HEAPU8.constructor.prototype
typed = prototype.constructor.__proto__.prototype if hasattr(prototype.constructor, '__proto__') else prototype
original = typed.set
def trap(*arguments):
    found.extend(arguments)
try: typed.set = create_proxy(trap)
except BaseException: pass
try: pyodide_js._module.UTF8ToString(0)
except BaseException: pass
try: pyodide_js._api.loadBinaryFile('/python_stdlib.zip')
except BaseException: pass
print([value for value in found if hasattr(value, 'readUInt32LE')] or 'refused')`,
};

/** Further numbers that an escape belongs to. */
const ESCAPE_NUMBERS: Readonly<Record<string, readonly number[]>> = {
  "a socket": [61, 65, 81],
  urllib: [65, 69, 81],
  open_url: [65, 81],
  "a package from the network": [65, 81],
  "a file by path": [38, 81],
  "writing to the host": [38, 81],
  "the process's environment": [44, 91],
  "a subprocess": [5, 81],
  "os.system": [5, 81],
  "a fork": [19, 81],
  "another name": [62],
  "a thread": [20],
  "a signal to all": [23],
  "a link to the host": [38, 40],
  "hooks of the host": [46],
  "kernel settings": [93],
  "control groups": [57],
  "the container socket": [58],
  descriptors: [60],
};

function pyodide(attack: Attack): HostileCase {
  return { kind: "program", drivers: ["pyodide"], language: "python", control: PRINTS, ...attack };
}

/** Python programs for drivers that run Python in WebAssembly. */
export const PYODIDE_CASES: readonly HostileCase[] = [
  ...ATTACKS.map(pyodide),
  pyodide({
    numbers: [30, 82],
    name: "what one run left is not there for the next",
    before:
      "import builtins, sys\nbuiltins.left = 1\nsys.modules['left'] = sys\nopen('left.txt', 'w').write('x')",
    program:
      "import builtins, sys, os\nprint(hasattr(builtins, 'left'), 'left' in sys.modules, os.path.exists('left.txt'))",
    ends: ["exited"],
    prints: "False False False",
  }),
  pyodide({
    numbers: [35],
    name: "one long line",
    program: "import sys\nfor i in range(100): sys.stdout.write('x' * 10**6)",
    ends: ["output"],
  }),
  pyodide({
    numbers: [37],
    name: "terminal escapes",
    program: "import sys\nsys.stdout.write('\\x1b[31m|\\x1b]0;title\\x07')",
    ends: ["exited"],
    prints: "\u001b[31m|\u001b]0;title\u0007",
  }),
  pyodide({
    numbers: [15, 29],
    name: "JSON amplification and a zip bomb",
    program:
      "import json, zlib\nbomb = zlib.compress(bytes(10**7))\nprint(len(bomb) < 10**6, flush=True)\nkept = []\nwhile True: kept.append((zlib.decompress(bomb), json.loads('[' + '[],' * 10000 + '[]]')))",
    ends: ["memory"],
    prints: "True",
  }),
  pyodide({
    numbers: [25, 27],
    name: "large and sparse files",
    program: "with open('x', 'wb') as f:\n  for i in range(2000): f.write(b'x' * 2**20)",
    ends: ["memory", "disk", "exited"],
  }),
  pyodide({
    numbers: [26, 28],
    name: "many inodes, deep folders",
    program:
      "import os\ni = 0\ntry:\n  while i < 10**6:\n    open('f%d' % i, 'w').close()\n    i += 1\n    if i % 100 == 0: os.mkdir('d'); os.chdir('d')\nexcept (OSError, MemoryError): pass",
    ends: ["memory", "wall-time", "exited", "disk"],
    limits: { wallMs: 4000 },
    waits: true,
  }),
  ...Object.entries(ESCAPES).map(([name, body]) =>
    pyodide({
      numbers: ESCAPE_NUMBERS[name] ?? [81],
      name,
      program: `try:\n${body.replace(/^/gm, "  ")}\nexcept BaseException as error:\n  print('refused')`,
      ends: ["exited"],
      prints: "refused",
    }),
  ),
];
