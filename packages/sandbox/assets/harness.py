"""Runs the test files of a plan and reports each test as it ends.

`run_plan(plan, report)` takes the plan as JSON text and hands each report, as JSON text, to the function `report`:

    plan    {"files": [{"path": "test_a.py", "label": "test_a.py", "style": "detect" | "script"}]}
    report  {"test": {"file": label, "name": ..., "status": ..., "message": ..., "durationMs": ...}}
            {"finished": label}
            {"unseparable": why these tests cannot be judged apart from the candidate}
            {"expected": {"file": label, "tests": how many the text of the file holds}}
            {"cheat": {"kind": ..., "detail": ...}}

A file counts as finished only when all of it ran: a program that ends early leaves it out, and the host sees that.
Started as a program, it reads the plan from its second argument and writes each report as one line, after the nonce
of its first argument, to file descriptor 3. With a third argument, which is the judge's half of a separated verdict, the
candidate is in another sandbox, and the link to it is descriptor 6.
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
_own_name = "__harness__"

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
        places = [(frame.filename[len(root) :], frame.lineno, frame.name, frame.line) for frame in frames]
        # Those of the candidate, when it is in another process.
        places += [tuple(frame) for frame in getattr(error, "_agentos_frames", ())]
        for path, number, name, line in places[-8:]:
            lines.append("  %s:%s in %s" % (path, number, name))
            if line:
                lines.append("    %s" % line)
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

    def __init__(self, planned, text, report, root, judge=None, watch=None):
        self.label = planned["label"]
        self.path = planned["path"]
        self.style = planned["style"]
        self.root = root
        self.count = 0
        self._report = report
        self._text = text
        self._judge = judge
        self._watch = watch

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
        text = self._text
        try:
            tree = ast.parse(text, self.path)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self.tell(self.label, "failed", started, describe(error, self.root))
        framework = self.style == "detect" and _looks_like_tests(tree)
        module = self._load(text, tree, started, framework)
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

    def _load(self, text, tree, started, framework):
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
            if self._watch is not None:
                self._watch.framework()
            if self._judge is not None and self.style == "script":
                module.__dict__.update(_appended_names(self._judge, tree))
            _exec(_compile(text, module.__file__, "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            skip = _skip_class()
            if skip is not None and isinstance(error, skip) and self.skipped_itself(error):
                self.tell(self.label, "skipped", started, str(error))
            else:
                self.tell(self.label, "failed", started, describe(error, self.root))
            return None
        return module


def _appended_names(judge, tree):
    from agentos_signs import names_of

    return judge.bind_main(*names_of(tree))


async def _await(awaitable):
    return await awaitable


def _skip_class():
    case = sys.modules.get("unittest.case")
    return getattr(case, "SkipTest", None)


def _main_of_unittest(*arguments, **options):
    """A test file may end as a program that runs its tests; the harness runs them."""


def _silence_unittest_main():
    import unittest

    unittest.main = _main_of_unittest


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
        if name.startswith("test") and type(value) is types.FunctionType:
            _run_function(file, name, value)
        elif name.startswith("Test") and isinstance(value, type) and type(value).__name__ != "StandinType":
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


def run_plan(plan, report, root=None, half=None, link=None):
    """
    Runs every file of the plan. Returns when all of them ran; raises for nothing that they do. `half` is the judge's half
    as JSON text, and `link` the functions that write to the candidate's and read from it.
    """
    root = os.path.join(root or os.getcwd(), "")
    if root not in sys.path and root[:-1] not in sys.path:
        sys.path.insert(0, root[:-1])
    files = _loads(plan)["files"]
    texts = {planned["path"]: _read(os.path.join(root, planned["path"])) for planned in files}
    judge = watch = None
    if half is not None:
        from agentos_judge import Judge, module_names

        half = _loads(half)
        reason = _unseparable(files, texts, root, half)
        if reason is not None:
            return report(_dumps({"unseparable": reason}))
        judge = Judge(half, *link, root, module_names(planned["path"] for planned in files))
    else:
        watch = _watch(files, texts, report, root)
    for planned in files:
        file = _File(planned, texts[planned["path"]], report, root, judge, watch)
        file.run()
        for kind, detail in watch.cheats(file.path) if watch is not None else ():
            report(_dumps({"cheat": {"kind": kind, "detail": detail}}))
        report(_dumps({"finished": file.label}))


def _read(path):
    with _open(path, "rb") as source:
        return source.read()


def _watch(files, texts, report, root):
    """Remembers the tests and their framework, and says how many tests there are, before the candidate's code runs."""
    from agentos_detect import Watch, expected_tests

    watch = Watch(sys.modules[_own_name], lambda path: _read(os.path.join(root, path)), root)
    for planned in files:
        path = planned["path"]
        watch.keep(path, texts[path], planned["style"] == "script")
        if planned["style"] == "script":
            continue
        try:
            tree = ast.parse(texts[path])
            count = expected_tests(tree) if _looks_like_tests(tree) else None
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if count is not None:
            report(_dumps({"expected": {"file": planned["label"], "tests": count}}))
    return watch


def _unseparable(files, texts, root, half):
    """Why the tests cannot be judged apart from the candidate, read from their text alone."""
    from agentos_judge import module_names
    from agentos_link import is_standard
    from agentos_signs import unseparable

    entry = module_names([half["entry"]])

    def is_candidate(name):
        # Not read from the candidate's files: it would choose by their names how it is judged.
        stem = os.path.join(root, *name.split(".")[:1])
        return name in entry or not (is_standard(name) or os.path.isfile(stem + ".py") or os.path.isdir(stem))

    for planned in files:
        try:
            tree = ast.parse(texts[planned["path"]], planned["path"])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            if planned["style"] == "script":
                return "it does not parse without the candidate's text"
            continue
        reason = unseparable(tree, is_candidate)
        if reason is not None:
            return reason
    return None


def _main():
    nonce, plan, *half = sys.argv[1:]
    sys.argv[:] = [""]
    write = os.write
    rest = {}
    # All of these now: their folder is left out of the path below.
    import agentos_detect

    if half:
        import agentos_signs
        import agentos_waiting
        from agentos_judge import Judge
        from separate import link_of

        rest = {"half": half[0], "link": link_of(6)}

    def report(text):
        data = (nonce + " " + text + "\n").encode("utf-8", "replace")
        while data:
            data = data[write(3, data) :]

    # The folder of these files makes way for the tests'.
    sys.path[0] = os.getcwd()
    run_plan(plan, report, **rest)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass
    # This process is all of its run: nobody needs to wait until it is gone.
    report('{"over":true}')
    # Threads that the candidate left must not keep a finished run alive.
    _exit(0)


if __name__ == "__main__":
    # As a module of its own, so that a test script may be __main__.
    sys.modules["__harness__"] = sys.modules["__main__"]
    _main()
