import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import type { RunStatus } from "@agentos/core";
import { describe, test } from "vitest";
import { pyodideDriver } from "../../src/drivers/pyodide.js";
import { childrenOfThis, limits, MEBIBYTE, shown, withDriver } from "./one-shot.js";

interface Attack {
  readonly name: string;
  readonly program: string;
  readonly statuses: readonly RunStatus[];
  readonly control?: { readonly program: string; readonly prints: string };
  readonly wallMs?: number;
  readonly prints?: string;
}

const ATTACKS: readonly Attack[] = [
  {
    name: "1 busy loop",
    program: "print('on')\nwhile True: pass",
    statuses: ["wall-time"],
    wallMs: 1000,
    prints: "on",
  },
  {
    name: "2 sleeps for ever",
    program: "import time\ntime.sleep(1e6)",
    statuses: ["wall-time"],
    wallMs: 1000,
    control: { program: "import time\ntime.sleep(0.05)\nprint('done')", prints: "done" },
  },
  {
    name: "8 catastrophic regex",
    program: "import re\nre.match('^(a+)+$', 'a' * 40 + 'b')",
    statuses: ["wall-time"],
    wallMs: 1000,
    control: { program: "import re\nprint(bool(re.match('^(a+)+$', 'aaa')))", prints: "True" },
  },
  {
    name: "9 an event loop that never rests",
    program: "import asyncio\nasync def again():\n  while True: await asyncio.sleep(0)\nasyncio.run(again())",
    statuses: ["wall-time"],
    wallMs: 1000,
    control: {
      program:
        "import asyncio\nasync def one():\n  await asyncio.sleep(0.01)\n  return 7\nprint(asyncio.run(one()))",
      prints: "7",
    },
  },
  {
    name: "10 touched allocation",
    program: "kept = []\nwhile True: kept.append(bytearray(b'x' * 10**6))",
    statuses: ["memory"],
    control: { program: "print(len(bytearray(b'x' * 10**6)))", prints: "1000000" },
  },
  {
    name: "13 infinite recursion",
    program: "def f(): return f() + 1\ntry: f()\nexcept RecursionError: print('caught')",
    statuses: ["exited"],
    prints: "caught",
    control: { program: "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(800))", prints: "800" },
  },
  {
    name: "13 recursion through C code",
    program:
      "import sys\nsys.setrecursionlimit(10**8)\nclass A:\n  def __repr__(self): return repr(self)\nprint('on', flush=True)\nrepr(A())",
    statuses: ["exited", "memory", "signal", "wall-time"],
    wallMs: 8000,
  },
  { name: "14 giant list", program: "[0] * (10 ** 9)", statuses: ["memory", "exited"] },
  {
    name: "17 deep nesting in eval",
    program: "try: eval('(' * 10**6)\nexcept BaseException: print('caught')",
    statuses: ["exited"],
    prints: "caught",
  },
  { name: "31 endless stdout", program: "while True: print('y' * 999)", statuses: ["output"] },
  {
    name: "32 stderr flood",
    program: "import sys\nwhile True: print('y' * 999, file=sys.stderr)",
    statuses: ["output"],
  },
  {
    name: "33 invalid UTF-8",
    program: "import sys\nsys.stdout.buffer.write(b'a\\xffb')\nsys.stdout.flush()",
    statuses: ["exited"],
    prints: "a\ufffdb",
    control: { program: "print('\\U0001F600')", prints: "\u{1F600}" },
  },
  { name: "34 NUL bytes", program: "print('a\\0b')", statuses: ["exited"], prints: "a\0b" },
  {
    name: "memory asked of JavaScript",
    program:
      "import pyodide_js\nb = pyodide_js._module.HEAPU8.constructor\nkept = []\nwhile True: kept.append(b.new(10**8).fill(1))",
    statuses: ["memory", "exited", "signal"],
  },
  {
    name: "grows the memory itself",
    program: "import pyodide_js\nprint('on')\npyodide_js._module.memory.grow(60000)",
    statuses: ["exited", "memory"],
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
    "import pyodide_js\nimport asyncio\npyodide_js.loadPackage('http://127.0.0.1:PORT/x-1-py3-none-any.whl')\nprint('refused')",
  open_url: "from pyodide.http import open_url\nprint(open_url('http://127.0.0.1:PORT/').read())",
  urllib: "import urllib.request\nprint(urllib.request.urlopen('http://127.0.0.1:PORT/', timeout=2).read())",
  "a socket":
    "import socket\ns = socket.socket()\ns.settimeout(2)\ns.connect(('127.0.0.1', PORT))\ns.send(b'x')\nprint('connected')",
  "Node's sockets": "import pyodide_js\npyodide_js._api.initializeNodeSockFS()\nprint('refused')",
  "Node's sockets, awaited": "import pyodide_js\npyodide_js.useNodeSockFS()\nprint('refused')",
  "mounting the host's files":
    "import pyodide_js\npyodide_js.mountNodeFS('/mnt', 'FOLDER')\nprint(open('/mnt/secret.txt').read())",
  NODEFS:
    "import pyodide_js\nfs = pyodide_js.FS\nfs.mkdir('/mnt')\nfs.mount(fs.filesystems.NODEFS, {'root': 'FOLDER'}, '/mnt')\nprint(open('/mnt/secret.txt').read())",
  "the loader of binary files":
    "import pyodide_js\nprint(pyodide_js._api.loadBinaryFile('FOLDER/secret.txt'))\nprint('refused')",
  "a file by path": "print(open('FOLDER/secret.txt').read())",
  "the process's environment": "print(open('/proc/self/environ').read())",
  "a subprocess": "import subprocess\nprint(subprocess.check_output(['cat', 'FOLDER/secret.txt']))",
  "os.system": "import os\nprint('refused' if os.system('touch FOLDER/touched') != 0 else 'ran')",
  "a fork": "import os\nprint(os.fork())",
  ctypes: "import ctypes\nprint('ran' if ctypes.CDLL(None).system(b'id') == 0 else 'refused')",
  "writing to the host": "open('FOLDER/secret.txt', 'w').write('changed')\nprint('wrote')",
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

await withDriver(pyodideDriver, "pyodide", ({ run, driver }) => {
  describe("hostile programs", () => {
    for (const attack of ATTACKS) {
      test(attack.name, async () => {
        const before = process.memoryUsage().rss;
        const bounds = limits({ wallMs: attack.wallMs ?? 20_000, memoryBytes: 128 * MEBIBYTE });
        const { result } = await run({ "main.py": attack.program }, { limits: bounds });
        assert.ok(attack.statuses.includes(result.status), shown(result));
        if (attack.prints !== undefined) assert.equal(result.stdout.trimEnd(), attack.prints, shown(result));
        if (attack.control) {
          const control = (await run({ "main.py": attack.control.program })).result;
          assert.equal(control.stdout.trimEnd(), attack.control.prints, shown(control));
        }
        assert.ok(process.memoryUsage().rss - before < 60 * MEBIBYTE, "the host grew");
      }, 60_000);
    }

    describe("81 from Python into the host", () => {
      test.each(Object.entries(ESCAPES))(
        "%s",
        async (_name, attack) => {
          const folder = mkdtempSync(join(tmpdir(), "sentinel-"));
          writeFileSync(join(folder, "secret.txt"), "planted-secret", { mode: 0o644 });
          let connections = 0;
          const server = createServer((socket) => {
            connections++;
            socket.on("error", () => {});
            socket.end("HTTP/1.0 200 OK\r\n\r\nplanted-secret");
          });
          await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
          try {
            const address = server.address();
            const port = typeof address === "object" ? (address?.port ?? 0) : 0;
            const body = attack.replaceAll("PORT", String(port)).replaceAll("FOLDER", folder);
            const guarded = `try:\n${body.replace(/^/gm, "  ")}\nexcept BaseException as error:\n  print('refused')`;
            const { result } = await run({ "main.py": guarded });
            assert.equal(result.stdout.trim().split("\n").at(-1), "refused", shown(result));
            assert.ok(!`${result.stdout}${result.stderr}`.includes("planted-secret"), shown(result));
            await wait(50);
            assert.equal(connections, 0);
            assert.equal(readFileSync(join(folder, "secret.txt"), "utf8"), "planted-secret");
          } finally {
            await new Promise((resolve) => server.close(resolve));
            rmSync(folder, { recursive: true });
          }
        },
        30_000,
      );
    });

    const judge = async (solution: string): Promise<string> => {
      const { report } = await run(
        {
          "solution.py": solution,
          "test_solution.py":
            "import unittest\nfrom solution import double\nclass T(unittest.TestCase):\n  def test_doubles(self): self.assertEqual(double(3), 6)\n",
        },
        { tests: { nonce: "n", files: [{ path: "test_solution.py", label: "t", style: "detect" }] } },
      );
      return report?.finished.length === 1 &&
        report.tests.length > 0 &&
        report.tests.every((one) => one.status === "passed")
        ? "passed"
        : "failed";
    };

    test.each([
      ["83 sys.exit before the tests", "import sys\nsys.exit(0)\ndef double(x): return x"],
      ["83 os._exit in the test", "import os\ndef double(x): os._exit(0)"],
      [
        "84 replaces json and print",
        "import json\njson.dumps = lambda *a, **k: '{}'\ndef double(x): return x",
      ],
      [
        "89 replaces the clock and the random source",
        "import time, random\ntime.time = time.perf_counter = lambda: 0\nrandom.random = lambda: 0\ndef double(x): return x",
      ],
      [
        "87 prints a forged report",
        'print(\'{"test": {"file": "t", "name": "x", "status": "passed"}}\')\nprint(\'{"finished": "t"}\')\ndef double(x): return x',
      ],
    ])(
      "%s does not pass",
      async (_name, solution) => {
        assert.equal(await judge(solution), "failed");
        assert.equal(await judge("def double(x): return 2 * x"), "passed");
      },
      30_000,
    );

    test("82 nothing of one run is seen by the next, and chance is fresh", async () => {
      const leave =
        "import builtins, sys\nbuiltins.left = 1\nsys.modules['left'] = sys\nopen('left.txt', 'w').write('x')";
      const look =
        "import builtins, sys, os, random, uuid\nprint(hasattr(builtins, 'left'), 'left' in sys.modules, os.path.exists('left.txt'))\nprint(random.random(), uuid.uuid4())";
      await run({ "main.py": leave });
      const first = (await run({ "main.py": look })).result.stdout.split("\n");
      const second = (await run({ "main.py": look })).result.stdout.split("\n");
      assert.equal(first[0], "False False False");
      assert.equal(second[0], "False False False");
      assert.notEqual(first[1], second[1]);
    }, 30_000);

    test("runs leave no process but the spare, and closing leaves none", async () => {
      for (let round = 0; round < 50; round++) {
        const { result } = await run({ "main.py": "print(1)" });
        assert.equal(result.stdout, "1\n", shown(result));
      }
      const own = childrenOfThis().filter((command) => command.includes("children/pyodide"));
      assert.ok(own.length <= 1, own.join("\n"));
      await driver.close();
      assert.deepEqual(
        childrenOfThis().filter((command) => command.includes("children/pyodide")),
        [],
      );
    }, 240_000);
  });
});
