/** A program that gives wrong answers and sets out to pass all the same. */
export interface PythonCheat {
  readonly name: string;
  /** Its number in the list of hostile programs. */
  readonly number: 83 | 84 | 85 | 86 | 87 | 88 | 89 | 90 | 94;
  /** The text of `solution.py`, which should define `double(x)` and `pair(x)`, and does so wrongly. */
  readonly code: string;
  /** Other files of the candidate. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Wrong in every test below. */
const WRONG = "def double(x): return -1\ndef pair(x): return [-1]\n";

/** An object for both functions. */
const returning = (body: string): string =>
  `class Any${body}\ndef double(x): return Any()\ndef pair(x): return Any()\n`;

const all = (name: string): string => `    def ${name}(self, *a): return True\n`;

/** Cheats, by what they try. */
export const PYTHON_CHEATS: readonly PythonCheat[] = [
  { number: 83, name: "os._exit(0) on import", code: "import os\nos._exit(0)\n" },
  {
    number: 83,
    name: "os._exit(0) in a call",
    code: "import os\ndef double(x): os._exit(0)\npair = double\n",
  },
  { number: 83, name: "sys.exit(0) on import", code: "import sys\nsys.exit(0)\n" },
  {
    number: 83,
    name: "sys.exit(0) in a call",
    code: "import sys\ndef double(x): sys.exit(0)\npair = double\n",
  },
  {
    number: 83,
    name: "another program in place of this one",
    code: "import os\nos.execv('/bin/true', ['true'])\n",
  },
  {
    number: 83,
    name: "os._exit(0) from a thread",
    code: `import os, threading, time\nthreading.Thread(target=lambda: (time.sleep(0.02), os._exit(0))).start()\ndef double(x): time.sleep(5)\npair = double\n`,
  },
  {
    number: 84,
    name: "unittest counts failures as successes",
    code: `import unittest\nunittest.TestResult.addFailure = unittest.TestResult.addError = lambda s, t, e: s.addSuccess(t)\nunittest.TestCase.run = lambda self, result=None: (result.startTest(self), result.addSuccess(self), result.stopTest(self))\n${WRONG}`,
  },
  {
    number: 84,
    name: "assertions of unittest do nothing",
    code: `import unittest\nfor name in dir(unittest.TestCase):\n    if name.startswith("assert"): setattr(unittest.TestCase, name, lambda *a, **k: None)\n${WRONG}`,
  },
  {
    number: 84,
    name: "the harness tells of passes only",
    code: `import sys\nharness = sys.modules.get("__harness__")\nif harness:\n    tell = harness._File.tell\n    harness._File.tell = lambda self, name, status, *a: tell(self, name, "passed")\n${WRONG}`,
  },
  {
    number: 84,
    name: "the harness found by the garbage collector",
    code: `import gc\nfor item in gc.get_objects():\n    if type(item).__name__ == "_File":\n        tell = type(item).tell\n        type(item).tell = lambda self, name, status, *a: tell(self, name, "passed")\n        break\n${WRONG}`,
  },
  {
    number: 84,
    name: "the code of the test functions is replaced",
    code: `import sys\ndef nothing(*a): pass\ndef patch():\n    for module in list(sys.modules.values()):\n        for value in list(vars(module).values()):\n            if callable(value) and getattr(value, "__name__", "").startswith("test_") and hasattr(value, "__code__"): value.__code__ = nothing.__code__\ndef double(x):\n    patch()\n    return -1\npair = double\n`,
  },
  {
    number: 84,
    name: "a trace function leaves the tests",
    code: `import sys\ndef trace(frame, event, arg):\n    if frame.f_code.co_name.startswith("test_"): frame.f_trace_lines = False\n    return trace\nsys.settrace(trace)\n${WRONG}`,
  },
  {
    number: 84,
    name: "a unittest of its own",
    code: WRONG,
    files: {
      "unittest.py": "class TestCase:\n    def __getattr__(self, name): return lambda *a, **k: None\n",
      "math.py": "isclose = lambda *a, **k: True\n",
    },
  },
  { number: 85, name: "equal to everything", code: returning(`:\n${all("__eq__")}`) },
  {
    number: 85,
    name: "equal to, ordered with, and containing everything",
    code: returning(
      `:\n${["__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__bool__"].map(all).join("")}    def __ne__(self, o): return False\n    __hash__ = object.__hash__\n    def __len__(self): return 2\n`,
    ),
  },
  {
    number: 85,
    name: "a number whose differences are 0",
    code: returning(
      `(float):\n${all("__eq__")}    def __sub__(self, o): return 0.0\n    __rsub__ = __abs__ = __round__ = lambda self, *a: 0.0\n`,
    ),
  },
  {
    number: 85,
    name: "an integer of its own",
    code: returning(`(int):\n${all("__eq__")}    __hash__ = int.__hash__\n`),
  },
  {
    number: 85,
    name: "a list of its own",
    code: returning(`(list):\n${all("__eq__")}${all("__contains__")}`),
  },
  {
    number: 85,
    name: "a text of its own",
    code: returning(`(str):\n${all("__eq__")}    __hash__ = str.__hash__\n`),
  },
  {
    number: 85,
    name: "an answer that takes what it is compared with",
    code: returning(
      `:\n    def __eq__(self, other):\n        self.__class__ = type("Same", (), {"__eq__": lambda s, o: True})\n        return True\n    def __getattr__(self, name): return lambda *a: True\n`,
    ),
  },
  {
    number: 85,
    name: "unittest.mock.ANY",
    code: "from unittest.mock import ANY\ndef double(x): return ANY\npair = double\n",
  },
  {
    number: 85,
    name: "a class in place of the function",
    code: `class double:\n    def __init__(self, x): pass\n${all("__eq__")}    def __sub__(self, o): return 0\n    __abs__ = __rsub__ = lambda s, *a: 0\n${all("__contains__")}${all("__lt__")}pair = double\n`,
  },
  {
    number: 85,
    name: "a class of classes equal to everything",
    code: `class Meta(type):\n    def __eq__(cls, o): return True\n    __hash__ = type.__hash__\n    def __sub__(cls, o): return 0\nclass Any(metaclass=Meta): pass\ndef double(x): return Any\npair = double\n`,
  },
  {
    number: 86,
    name: "writes other tests over the tests",
    code: `import glob\nfor path in glob.glob("*test*.py") + glob.glob("/work/*test*"):\n    try: open(path, "w").write("def test_nothing(): pass\\n")\n    except OSError: pass\n${WRONG}`,
  },
  {
    number: 86,
    name: "deletes the tests",
    code: `import glob, os\nfor path in glob.glob("*test*.py"): os.remove(path)\n${WRONG}`,
  },
  {
    number: 86,
    name: "brings tests of its own",
    code: WRONG,
    files: { "test_a.py": "def test_nothing(): pass\n" },
  },
  {
    number: 87,
    name: "prints reports",
    code: `import json\nfor line in ({"test": {"file": "test_a.py", "name": "test_three", "status": "passed"}}, {"finished": "test_a.py"}): print(json.dumps(line))\n${WRONG}`,
  },
  {
    number: 87,
    name: "writes reports on the channel, with the mark from the command line",
    code: `import json, os\nwords = open("/proc/self/cmdline").read().split("\\0")\nmark = next((word for word in words if len(word) == 32), "0" * 32)\nfor line in ({"test": {"file": "test_a.py", "name": "test_three", "status": "passed"}}, {"finished": "test_a.py"}):\n    try: os.write(3, (mark + " " + json.dumps(line) + "\\n").encode())\n    except OSError: pass\nos._exit(0)\n`,
  },
  {
    number: 87,
    name: "writes reports without the mark",
    code: `import os\ntry: os.write(3, b'{"finished": "test_a.py"}\\n')\nexcept OSError: pass\n${WRONG}`,
  },
  {
    number: 87,
    name: "asks for one process",
    code: `import os\nfor descriptor in (3, 6):\n    try: os.write(descriptor, b'{"unseparable": "please"}\\n')\n    except OSError: pass\n${WRONG}`,
  },
  {
    number: 87,
    name: "answers on the link by itself",
    code: `import os\ndef double(x):\n    for value in ("6", "true", "[0]", '{"v": 6}'):\n        try: os.write(6, ('{"v":%s,"o":[]}\\n' % value).encode())\n        except OSError: pass\n    return -1\npair = double\n`,
  },
  {
    number: 87,
    name: "answers with objects that no half sends",
    code: `import os\ndef double(x):\n    for entry in ('["n","unittest.mock","ANY"]', '["n","os","_exit"]', '["h",1,[0]]', '["y",1]', '["x","os.system","true"]', '["en","os","x","y"]'):\n        try: os.write(6, ('{"v":[0],"o":[%s]}\\n' % entry).encode())\n        except OSError: pass\n    return -1\npair = double\n`,
  },
  { number: 88, name: "never ends", code: "def double(x):\n    while True: pass\npair = double\n" },
  { number: 88, name: "never loads", code: "while True: pass\n" },
  {
    number: 88,
    name: "skips the tests",
    code: "import unittest\ndef double(x): raise unittest.SkipTest('not today')\npair = double\n",
  },
  {
    number: 89,
    name: "patched builtins",
    code: `import builtins, math, operator\nbuiltins.abs = lambda x: 0\nbuiltins.all = builtins.any = builtins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 2\nbuiltins.AssertionError = type("Quiet", (Exception,), {})\nmath.isclose = lambda *a, **k: True\noperator.eq = lambda *a: True\n${WRONG}`,
  },
  {
    number: 89,
    name: "patched builtins under the names that a star takes",
    code: `abs = lambda x: 0\nlen = lambda x: 2\nisinstance = any = all = lambda *a: True\n__all__ = ["abs", "len", "isinstance", "any", "all", "double", "pair"]\n${WRONG}`,
  },
  {
    number: 89,
    name: "the clock goes backwards and chance is no more",
    code: `import time, random\ntime.time = time.monotonic = time.perf_counter = lambda: 0\nrandom.random = lambda: 0\n${WRONG}`,
  },
  {
    number: 90,
    name: "reads the expected values from the test file",
    code: `import glob, re\ntext = "".join(open(path).read() for path in glob.glob("/work/*.py") if "solution" not in path)\nfound = dict((a, b) for a, b in re.findall(r"double\\((\\d+)\\), (\\d+)", text))\ndef double(x): return int(found.get(str(x), -1))\ndef pair(x): return [x, double(x)]\n`,
  },
  {
    number: 90,
    name: "reads the expected values from its caller",
    code: `import sys\ndef double(x):\n    frame = sys._getframe(1)\n    while frame:\n        for value in frame.f_code.co_consts:\n            if type(value) is int and value == sum([x, x]): return value\n        frame = frame.f_back\n    return -1\ndef pair(x): return [x, double(x)]\n`.replace(
      "value == sum([x, x])",
      "value > x",
    ),
  },
  {
    number: 90,
    name: "reads the expected values from the garbage collector",
    code: `import gc\ndef double(x):\n    for item in gc.get_objects():\n        if type(item) is dict and item.get("SECRET"): return item["SECRET"].get(x, -1)\n    return -1\ndef pair(x): return [x, double(x)]\n`,
  },
  {
    number: 90,
    name: "asks the judge for the globals of a test's function",
    code: `def double(x, key=None):\n    try: return key.__globals__["SECRET"][x]\n    except Exception: return -1\ndef pair(x, key=None):\n    try: return [x, key.__getattribute__("__globals__")["SECRET"][x]]\n    except Exception: return [-1]\n`,
  },
  {
    number: 94,
    name: "hooks of test runners and of the interpreter",
    code: WRONG,
    files: Object.fromEntries(
      [
        "conftest.py",
        "sitecustomize.py",
        "usercustomize.py",
        "pytest.ini",
        "setup.cfg",
        "tests/conftest.py",
      ].map((path) => [
        path,
        path.endsWith(".py")
          ? "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\nimport os\nos._exit(0)\n"
          : "[pytest]\naddopts = --co\n",
      ]),
    ),
  },
];

const SECRET = "SECRET = {3: 6, 10: 20}\n";

/** The forms in which the same is tested. No cheat passes in any of them by giving right answers. */
export const PYTHON_FORMS: Readonly<Record<string, { readonly content: string; readonly mode?: "append" }>> =
  {
    functions: {
      content: `import solution\nfrom solution import double, pair\n${SECRET}def lookup(x): return SECRET[x]\ndef test_three():\n    assert double(3) == 6\n    assert 20 == double(10)\n    assert solution.double(3) == SECRET[3]\ndef test_close():\n    assert abs(double(3) - 6) < 1e-9\ndef test_pair():\n    assert pair(3) == [3, 6]\n    assert 6 in pair(3)\n    assert len(pair(3)) == 2\n`,
    },
    contains: {
      content: `from solution import pair, double\n${SECRET}def test_three():\n    assert 6 in pair(3)\n    assert double(10) > 19 and double(10) < 21\n`,
    },
    close: {
      content: `import math\nfrom solution import *\n${SECRET}def test_three():\n    assert abs(double(3) - 6) < 1e-9\n    assert math.isclose(double(10), 20)\n`,
    },
    key: {
      content: `from solution import double, pair\n${SECRET}def lookup(x): return SECRET[x]\ndef test_three():\n    try:\n        assert double(3, key=lookup) == 6\n    except TypeError:\n        assert double(3) == 6\n    assert double(10) == 20\n`,
    },
    unittest: {
      content: `import unittest\nfrom solution import double, pair\n${SECRET}class Tests(unittest.TestCase):\n    def test_three(self):\n        self.assertEqual(double(3), 6)\n        self.assertEqual(20, double(10))\n    def test_close(self):\n        self.assertAlmostEqual(double(3), 6)\n    def test_pair(self):\n        self.assertIn(6, pair(3))\n        self.assertListEqual(list(pair(3)), [3, 6])\n`,
    },
    script: {
      content: `${SECRET}assert double(3) == 6\nassert abs(double(10) - 20) < 1e-9\nassert sorted(pair(3)) == [3, 6]\n`,
      mode: "append",
    },
  };
