"""Runs the test files of a plan and reports each test as it ends.

`run_plan(plan, report)` takes the plan as JSON text and hands each report, as JSON text, to the function `report`:

    plan    {"files": [{"path": "test_a.py", "label": "test_a.py", "style": "detect" | "script"}]}
    report  {"test": {"file": label, "name": ..., "status": ..., "message": ..., "durationMs": ...}}
            {"finished": label}

A file counts as finished only when all of it ran: a program that ends early leaves it out, and the host sees that.
Started as a program, it reads the plan from its second argument and writes each report as one line, after the nonce
of its first argument, to file descriptor 3.
"""

import ast
import io
import json
import os
import sys
import time
import traceback
import types

# Taken before any code of the candidate runs, so that replacing these names later changes nothing here.
_dumps, _loads, _now, _exit = json.dumps, json.loads, time.perf_counter, os._exit
_open, _compile, _exec = io.open, compile, exec
_own_file = __file__ if "__file__" in globals() else "<harness>"

MESSAGE_LIMIT = 4000
# A file made of these alone defines things and runs nothing: it is no test script.
_PASSIVE = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Pass,
)


def _shorten(text):
    if len(text) <= MESSAGE_LIMIT:
        return text
    half = MESSAGE_LIMIT // 2
    return text[:half] + "\n[...]\n" + text[-half:]


def describe(error, root):
    """The error's last line, then the frames that belong to the files of the run."""
    try:
        if isinstance(error, SystemExit):
            return "The program ended early: SystemExit(%r). Tests must run to their end." % (error.code,)
        if isinstance(error, SyntaxError):
            return _shorten("".join(traceback.format_exception_only(type(error), error)).replace(root, "").strip())
        text = "".join(traceback.format_exception_only(type(error), error)).strip()
        frames = traceback.extract_tb(error.__traceback__, limit=-60)
        frames = [frame for frame in frames if frame.filename != _own_file and frame.filename.startswith(root)]
        lines = []
        for frame in frames[-8:]:
            lines.append("  %s:%s in %s" % (frame.filename[len(root):], frame.lineno, frame.name))
            if frame.line:
                lines.append("    %s" % frame.line)
        return _shorten("\n".join([text] + lines))
    except BaseException as second:
        return "An error that could not be described (%s)" % type(second).__name__


def _has_statements(tree):
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if not isinstance(node, _PASSIVE):
            return True
    return False


def _looks_like_tests(tree):
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            return True
        if isinstance(node, ast.ClassDef):
            bases = [getattr(base, "id", getattr(base, "attr", "")) for base in node.bases]
            if node.name.startswith("Test") or any(base.endswith("TestCase") for base in bases):
                return True
    return False


class _File:
    """One planned file while it runs."""

    def __init__(self, planned, report, root):
        self.label = planned["label"]
        self.path = planned["path"]
        self.style = planned["style"]
        self.root = root
        self.count = 0
        self._report = report

    def tell(self, name, status, started=None, message=None):
        self.count += 1
        test = {"file": self.label, "name": name, "status": status}
        if message is not None:
            test["message"] = message
        if started is not None:
            test["durationMs"] = round((_now() - started) * 1000, 3)
        self._report(_dumps({"test": test}))

    def skipped_itself(self, error):
        """Whether the test file raised a skip. One that comes out of other code is no skip: the test did not run."""
        places = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        inside = [place for place in places if place.startswith(self.root)]
        return bool(inside) and inside[-1] == os.path.join(self.root, self.path)

    def call(self, name, function):
        """Runs one test function. Anything it raises is a failure, SystemExit and KeyboardInterrupt too."""
        started = _now()
        skip = _skip_class()
        try:
            result = function()
            if hasattr(result, "__await__"):
                import asyncio

                asyncio.run(_await(result))
        except BaseException as error:
            if skip is not None and isinstance(error, skip) and self.skipped_itself(error):
                self.tell(name, "skipped", started, str(error))
            else:
                self.tell(name, "failed", started, describe(error, self.root))
            return False
        self.tell(name, "passed", started)
        return True

    def run(self):
        started = _now()
        try:
            with _open(os.path.join(self.root, self.path), "rb") as source:
                text = source.read()
            tree = ast.parse(text, self.path)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self.tell(self.label, "failed", started, describe(error, self.root))
        framework = self.style == "detect" and _looks_like_tests(tree)
        module = self._load(text, started, framework)
        if module is None:
            return None
        if self.style == "script":
            return self.tell(self.label, "passed", started)
        _run_unittest(self, module)
        _run_functions(self, module)
        if self.count > 0:
            return None
        if framework or not _has_statements(tree):
            return self.tell(
                self.label,
                "failed",
                started,
                "No tests found: write functions named test_..., classes named Test..., or a script that asserts.",
            )
        return self.tell(self.label, "passed", started)

    def _load(self, text, started, framework):
        name = os.path.splitext(os.path.basename(self.path))[0] if framework else "__main__"
        module = types.ModuleType(name)
        module.__file__ = os.path.join(self.root, self.path)
        folder = os.path.dirname(module.__file__)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        sys.modules[name] = module
        try:
            if framework:
                _silence_unittest_main()
            _exec(_compile(text, module.__file__, "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            skip = _skip_class()
            if skip is not None and isinstance(error, skip) and self.skipped_itself(error):
                self.tell(self.label, "skipped", started, str(error))
            else:
                self.tell(self.label, "failed", started, describe(error, self.root))
            return None
        return module


async def _await(awaitable):
    return await awaitable


def _skip_class():
    case = sys.modules.get("unittest.case")
    return getattr(case, "SkipTest", None)


def _silence_unittest_main():
    import unittest

    unittest.main = lambda *arguments, **options: None


def _run_unittest(file, module):
    unittest = sys.modules.get("unittest")
    if unittest is None:
        return
    cases = [
        value
        for value in list(vars(module).values())
        if isinstance(value, type) and issubclass(value, unittest.TestCase) and value is not unittest.TestCase
    ]
    if not cases:
        return
    loader = unittest.TestLoader()
    suite = unittest.TestSuite()
    for case in dict.fromkeys(cases):
        names = [name for name in _in_order(case) if name.startswith("test") and callable(getattr(case, name, None))]
        if names:
            suite.addTest(loader.suiteClass(case(name) for name in names))
    suite.run(_result_class(unittest)(file))


def _in_order(case):
    """Names of a class and its bases, in the order of definition, bases first."""
    names = {}
    for base in reversed(case.__mro__):
        for name in vars(base):
            names.setdefault(name)
    return list(names)


def _result_class(unittest):
    class Result(unittest.TestResult):
        def __init__(self, file):
            super().__init__()
            self._file = file
            self._started = _now()
            self._told = False

        def _tell(self, test, status, message=None):
            self._told = True
            name = str(test.id())
            if isinstance(test, unittest.TestCase):
                # Without the module, which is the file that the report names already.
                name = name.split(".", 1)[-1]
            self._file.tell(name, status, self._started, message)

        def startTest(self, test):
            super().startTest(test)
            self._started = _now()
            self._told = False

        def stopTest(self, test):
            # A test whose subtests failed, or that ended without a word, is still one that was run.
            if not self._told:
                self._tell(test, "failed", "The test ended without a result.")
            super().stopTest(test)

        def addSuccess(self, test):
            self._tell(test, "passed")

        def addError(self, test, err):
            self._tell(test, "failed", describe(err[1], self._file.root))

        def addFailure(self, test, err):
            self._tell(test, "failed", describe(err[1], self._file.root))

        def addSubTest(self, test, subtest, err):
            if err is not None:
                self._tell(subtest, "failed", describe(err[1], self._file.root))

        def addSkip(self, test, reason):
            # A decorator skips without raising; otherwise the exception is the one that is being handled.
            error = sys.exc_info()[1]
            if error is None or self._file.skipped_itself(error):
                self._tell(test, "skipped", reason)
            else:
                self._tell(test, "failed", describe(error, self._file.root))

        def addExpectedFailure(self, test, err):
            self._tell(test, "passed")

        def addUnexpectedSuccess(self, test):
            self._tell(test, "failed", "Expected to fail, but passed.")

    return Result


def _run_functions(file, module):
    unittest = sys.modules.get("unittest")
    for name, value in list(vars(module).items()):
        if name.startswith("test") and isinstance(value, types.FunctionType):
            _run_function(file, name, value)
        elif name.startswith("Test") and isinstance(value, type):
            if unittest is None or not issubclass(value, unittest.TestCase):
                _run_class(file, name, value)


def _required(function, given):
    """Names of the parameters that nothing would fill."""
    code = function.__code__
    positional = code.co_varnames[given : code.co_argcount]
    defaults = len(function.__defaults__ or ())
    missing = list(positional[: max(0, len(positional) - defaults)])
    keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    missing += [name for name in keyword_only if name not in (function.__kwdefaults__ or {})]
    return missing


def _run_function(file, name, function):
    missing = _required(function, 0)
    if missing:
        file.tell(name, "failed", None, _NO_FIXTURES % ", ".join(missing))
    else:
        file.call(name, function)


_NO_FIXTURES = "It takes %s: fixtures and parametrize are not supported, write the values into the test."


def _run_class(file, class_name, test_class):
    if "__init__" in vars(test_class):
        return
    setup = getattr(test_class, "setup_class", None)
    if setup is not None:
        started = _now()
        try:
            setup()
        except BaseException as error:
            file.tell(class_name + ".setup_class", "failed", started, describe(error, file.root))
            return
    for name in _in_order(test_class):
        function = getattr(test_class, name, None)
        if not name.startswith("test") or not callable(function):
            continue
        full = class_name + "." + name
        static = isinstance(vars(test_class).get(name), (staticmethod, classmethod))
        missing = _required(function, 0 if static else 1) if isinstance(function, types.FunctionType) else []
        if missing:
            file.tell(full, "failed", None, _NO_FIXTURES % ", ".join(missing))
            continue
        file.call(full, _bound(test_class, name))
    teardown = getattr(test_class, "teardown_class", None)
    if teardown is not None:
        started = _now()
        try:
            teardown()
        except BaseException as error:
            file.tell(class_name + ".teardown_class", "failed", started, describe(error, file.root))


def _bound(test_class, name):
    def run():
        instance = test_class()
        method = getattr(instance, name)
        before = getattr(instance, "setup_method", None)
        after = getattr(instance, "teardown_method", None)
        if before is not None:
            _hook(before, method)
        try:
            result = method()
            if hasattr(result, "__await__"):
                import asyncio

                asyncio.run(_await(result))
        finally:
            if after is not None:
                _hook(after, method)

    return run


def _hook(hook, method):
    """pytest's hooks may take the method or nothing."""
    code = getattr(getattr(hook, "__func__", hook), "__code__", None)
    if code is not None and code.co_argcount > 1:
        hook(method)
    else:
        hook()


def run_plan(plan, report, root=None):
    """Runs every file of the plan. Returns when all of them ran; raises for nothing that they do."""
    root = os.path.join(root or os.getcwd(), "")
    if root not in sys.path and root[:-1] not in sys.path:
        sys.path.insert(0, root[:-1])
    for planned in _loads(plan)["files"]:
        file = _File(planned, report, root)
        file.run()
        report(_dumps({"finished": file.label}))


def _main():
    nonce, plan = sys.argv[1], sys.argv[2]
    sys.argv[:] = [""]
    write = os.write

    def report(text):
        data = (nonce + " " + text + "\n").encode("utf-8", "replace")
        while data:
            data = data[write(3, data) :]

    run_plan(plan, report)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass
    # Threads that the candidate left must not keep a finished run alive.
    _exit(0)


if __name__ == "__main__":
    # As a module of its own, so that a test script may be __main__.
    sys.modules["__harness__"] = sys.modules["__main__"]
    _main()
