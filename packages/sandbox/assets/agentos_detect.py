"""Traces of attempts to forge the reports of tests that share a process with the candidate.

A program in the same process can undo any check; these find what is on the published list of cheats.
"""

import ast
import builtins
import sys
import types

_getattr, _vars = getattr, vars
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, staticmethod, classmethod, type)
_UNITTEST = (
    ("unittest.case", ("TestCase", "_Outcome", "_AssertRaisesContext", "_SubTest", "FunctionTestCase")),
    ("unittest.result", ("TestResult",)),
    ("unittest.loader", ("TestLoader",)),
    ("unittest.suite", ("TestSuite", "BaseTestSuite")),
)
# Modules in C whose functions tests reckon with.
_NATIVE = ("math", "time")


def _code(value):
    function = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
    return _getattr(function, "__code__", None), _getattr(function, "__defaults__", None)


def _record(owner, values, into):
    for name, value in list(values.items()):
        if isinstance(value, _FUNCTIONS):
            into.append((owner, name, value, _code(value)))


class Watch:
    """Remembers what belongs to the tests and their framework, before any code of the candidate runs."""

    def __init__(self, harness, read, root):
        self._root = root
        self._read = read
        self._known = []
        self._owners = {}
        self._texts = {}
        self._named = {}
        self._trace = sys.gettrace(), sys.getprofile()
        self._seen_unittest = False
        self._watch("builtins", builtins, _vars(builtins))
        self._watch("the harness", harness, _vars(harness))
        for name, value in _vars(harness).items():
            if isinstance(value, type) and value.__module__ == harness.__name__:
                self._watch("the harness", value, _vars(value))
        import json

        self._watch("json", json, {"dumps": json.dumps, "loads": json.loads})
        self._late = []
        for name in _NATIVE:
            module = sys.modules.get(name)
            if module is None:
                self._late.append(name)
            else:
                self._watch(name, module, _vars(module))
        if "operator" in sys.modules:
            self._watch("operator", sys.modules["operator"], _vars(sys.modules["operator"]))

    def _watch(self, label, owner, values):
        before = len(self._known)
        _record(owner, values, self._known)
        for index in range(before, len(self._known)):
            self._owners[index] = label

    def framework(self):
        """Remembers unittest; to be called once it is loaded, and before the candidate is."""
        if self._seen_unittest or "unittest" not in sys.modules:
            return
        self._seen_unittest = True
        for module_name, classes in _UNITTEST:
            module = sys.modules.get(module_name)
            for name in classes:
                kind = _getattr(module, name, None)
                if isinstance(kind, type):
                    self._watch("unittest." + name, kind, _vars(kind))

    def keep(self, path, text, joined):
        """Remembers the text of a test file. `joined`: it holds the candidate's text, too."""
        self._texts[path] = text
        # What a test names, it may have replaced itself. A text that holds the candidate's says nothing of that kind.
        self._named[path] = "" if joined else text.decode("utf-8", "replace")

    def cheats(self, path):
        """What was found after a file ran: pairs of kind and detail."""
        found = []
        text = self._named[path]
        changed = []
        for index, (owner, name, value, code) in enumerate(self._known):
            if isinstance(owner, type):
                now = owner.__dict__.get(name)
            else:
                now = _getattr(owner, name, None)
            if (now is not value or _code(now) != code) and not _mentions(text, name):
                changed.append("%s.%s" % (self._owners[index], name))
        unittest = sys.modules.get("unittest")
        file = _getattr(unittest, "__file__", None)
        if type(file) is str and file.startswith(self._root):
            changed.append("unittest is a file of the candidate")
        # Of a module that the candidate loaded nothing is known but that none of it is written in Python.
        for name in self._late:
            for each, value in list(_vars(sys.modules[name]).items()) if name in sys.modules else ():
                if isinstance(value, types.FunctionType) and not _mentions(text, each):
                    changed.append("%s.%s" % (name, each))
        if (sys.gettrace(), sys.getprofile()) != self._trace and not _mentions(text, "settrace"):
            changed.append("a trace function is set")
        if changed:
            found.append(("patched-framework", ", ".join(list(dict.fromkeys(changed))[:5])))
        for other, before in self._texts.items():
            try:
                now = self._read(other)
            except OSError:
                now = None
            if now != before:
                found.append(("edited-tests", other))
        return found


def _mentions(text, name):
    return any(form % name in text for form in (".%s", '"%s"', "'%s'"))


def expected_tests(tree):
    """How many tests a file of functions and classes holds; None where its text does not say."""
    classes = {}
    count = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
            return None
        if isinstance(node, ast.Name) and node.id in ("setattr", "globals", "exec", "type", "load_tests", "vars"):
            return None
        if isinstance(node, ast.Attribute) and node.attr in ("subTest", "skipTest", "SkipTest"):
            return None
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.decorator_list:
                return None
            count += node.name.startswith("test")
        elif isinstance(node, ast.ClassDef):
            names = _tests_of(node, classes)
            if names is None:
                return None
            classes[node.name] = names
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if any((name.asname or name.name).lower().startswith("test") for name in node.names):
                return None
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
            if any(isinstance(each, (ast.FunctionDef, ast.ClassDef)) for each in ast.walk(node)):
                return None
        elif not isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr)):
            return None
    return (count + sum(len(names) for names in classes.values())) or None


def _tests_of(node, classes):
    names = set()
    if node.decorator_list or node.keywords:
        return None
    for base in node.bases:
        known = classes.get(_getattr(base, "id", None))
        if known is not None:
            names |= known
        elif not _getattr(base, "id", _getattr(base, "attr", "")).endswith("TestCase"):
            return None
    runs = bool(node.bases) or node.name.startswith("Test")
    for each in node.body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if each.name == "__init__":
                return None
            if each.name.startswith("test"):
                names.add(each.name)
        elif isinstance(each, (ast.For, ast.If, ast.While, ast.With, ast.Try)):
            return None
        elif isinstance(each, ast.Assign) and any(_getattr(target, "id", "").startswith("test") for target in each.targets):
            return None
    return names if runs or not names else None
