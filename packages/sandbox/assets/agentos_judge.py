"""The judge's half of a separated verdict: stand-ins for the candidate's modules, and what the candidate may ask for."""

import functools
import os
import sys
import types
from importlib.machinery import PathFinder

from agentos_link import SPECIALS, Peer, is_standard, register_module_class
from agentos_standins import StandinType
from agentos_values import LinkError

_CALLABLES = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType)
_CLOSED = (
    *_CALLABLES,
    *(types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.ModuleType),
    *(types.FrameType, types.CodeType, types.TracebackType, types.WrapperDescriptorType, types.MethodDescriptorType),
    *(types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType, property),
    functools.partial,
)
_FACTS = ("__name__", "__qualname__", "__doc__", "__module__")
_ModuleSpec = type(sys.__spec__)
_builtin_names = frozenset(dir(__import__("builtins")))


class StandinModule(types.ModuleType):
    """Stands for a module of the candidate."""

    def __getattr__(self, name):
        facts = object.__getattribute__(self, "__dict__").get("_agentos_facts")
        if facts is None:
            raise AttributeError("module '%s' has no attribute '%s'" % (object.__getattribute__(self, "__name__"), name))
        if name == "__all__":
            # A star never brings names that hide Python's own, or those that the tests have already.
            known = sys._getframe(1).f_locals
            return [
                each
                for each in facts.exported
                if each not in _builtin_names and each in facts.names and each not in known
            ]
        return facts.judge.fetch(self, facts, name)

    def __setattr__(self, name, value):
        facts = self.__dict__.get("_agentos_facts")
        if facts is None or name.startswith("__"):
            return types.ModuleType.__setattr__(self, name, value)
        if type(value) is StandinModule and value.__name__ == "%s.%s" % (self.__name__, name):
            return types.ModuleType.__setattr__(self, name, value)
        facts.judge.peer.request("set", (self, name, value))

    def __delattr__(self, name):
        facts = self.__dict__.get("_agentos_facts")
        if facts is None or name in self.__dict__:
            return types.ModuleType.__delattr__(self, name)
        facts.judge.peer.request("del", (self, name))

    def __dir__(self):
        return self.__dict__["_agentos_facts"].judge.peer.request("dir", (self,))


register_module_class(StandinModule, lambda module: object.__getattribute__(module.__dict__["_agentos_facts"].handle, "_agentos")[1])


class _Facts:
    def __init__(self, judge, handle, names, exported):
        self.judge = judge
        self.handle = handle
        self.names = set(names)
        self.exported = exported


class Judge:
    """The judge's end of the link."""

    def __init__(self, half, write, read, root, own_modules):
        self.peer = peer = Peer(write, read, root, judge=True)
        peer.signature = self.signature
        peer.private.update(own_modules)
        self.root = root
        self.entry = half["entry"]
        self.modules = frozenset(half["modules"])
        self._names = module_names(self.modules)
        self.loop = None
        self.main = None
        for name in dir(self):
            if name.startswith("ask_"):
                peer.operations[name[4:]] = getattr(self, name)
        self._greeted = False
        sys.meta_path.insert(0, self)

    # Imports.

    def find_spec(self, name, path=None, target=None):
        # A file of the candidate never stands in for a module that the tests would find without it: Python's own, one that is
        # installed, or a support file. Only the one that was asked for may.
        if name not in self._names or (is_standard(name) and self.entry != name + ".py"):
            return None
        if self.entry != name + ".py" and _is_there(name, path):
            return None
        for folder in path if path is not None else sys.path:
            folder = os.path.join(folder or os.getcwd(), "")
            if not folder.startswith(self.root):
                continue
            stem = folder[len(self.root) :] + name.rpartition(".")[2]
            package = stem + "/__init__.py" in self.modules
            if not package and stem + ".py" not in self.modules:
                if not any(each.startswith(stem + "/") for each in self.modules) or os.path.isdir(self.root + stem):
                    continue
                package = True
            file = stem + ("/__init__.py" if package else ".py")
            spec = _ModuleSpec(name, self, origin=self.root + file, is_package=package)
            spec.loader_state = folder
            if package:
                spec.submodule_search_locations.append(self.root + stem)
            if file in self.modules:
                spec.has_location = True
            return spec
        return None

    def create_module(self, spec):
        return StandinModule(spec.name)

    def exec_module(self, module):
        spec = module.__spec__
        base = spec.loader_state
        for _ in range(spec.name.count(".")):
            base = os.path.dirname(base.rstrip("/"))
        self._fill(module, self.ask("import", spec.name, os.path.join(base, "")[len(self.root) :]))

    def _fill(self, module, answer):
        handle, names, exported, _, doc = answer
        inside = module.__dict__
        inside["__doc__"] = doc
        inside["_agentos_facts"] = _Facts(self, handle, names, exported)

    def fetch(self, module, facts, name):
        value = self.peer.request("get", (module, name))
        if type(value) is StandinType:
            # The name by which the tests know a class.
            value.__dict__["_agentos_class"][2].add(name)
        whole = "%s.%s" % (module.__name__, name)
        if isinstance(value, types.ModuleType):
            if whole in self._names:
                __import__(whole)
                return sys.modules[whole]
            # The candidate imported it, too; the tests have their own.
            if is_standard(name):
                return __import__(name)
        return value

    def ask(self, operation, *arguments):
        if not self._greeted:
            self._greeted = True
            self.peer.ask("hello", sorted(self._names))
        return self.peer.ask(operation, *arguments)

    def bind_main(self, used, defined):
        """Runs the candidate's entry file, and returns its names that an appended test uses without defining them."""
        if self.entry not in self.modules:
            return {}
        module = StandinModule("__main__")
        self._fill(module, self.ask("main"))
        facts = module.__dict__["_agentos_facts"]
        free = [name for name in used if name in facts.names and not name.startswith("__")]
        own = [name for name in free if name not in _builtin_names and name not in defined]
        bound = {}
        for name in free:
            if name in defined:
                continue
            if name in _builtin_names and own:
                raise NameError("The candidate redefines %s, which the tests use as Python's own." % name)
            if is_standard(name) and name not in _builtin_names:
                bound[name] = __import__(name)
            else:
                bound[name] = self.fetch(module, facts, name)
        return bound

    def signature(self, function):
        import inspect

        kinds = list(inspect._ParameterKind)
        parameters = []
        for name, kind, has_default, default in self.peer.request("signature", (function,)):
            default = default if has_default else inspect.Parameter.empty
            parameters.append(inspect.Parameter(name, kinds[kind], default=default))
        return inspect.Signature(parameters)

    # What the candidate may ask of objects that tests handed to it: to call them, and to use what is public.

    def ask_get(self, value, name):
        self._passed(value)
        if type(name) is str and isinstance(value, (*_CALLABLES, type)) and name in _FACTS:
            return getattr(value, name)
        self._public(value, name)
        if _is_of_mock(value, name):
            raise AttributeError(name)
        return getattr(value, name)

    def ask_set(self, value, name, attribute):
        self._public(value, name)
        if isinstance(value, type) or callable(getattr(type(value), name, None)) or _is_of_mock(value, name):
            raise AttributeError(name)
        setattr(value, name, attribute)

    def ask_del(self, value, name):
        self._public(value, name)
        if isinstance(value, type) or _is_of_mock(value, name):
            raise AttributeError(name)
        delattr(value, name)

    def ask_call(*arguments, **named):
        self, value = arguments[:2]
        self._passed(value)
        return value(*arguments[2:], **named)

    ask_new = ask_call

    def ask_special(self, value, name, *arguments):
        self._passed(value)
        if name not in SPECIALS or isinstance(value, types.ModuleType):
            raise TypeError(name)
        method = getattr(type(value), name, None)
        if method is None:
            raise TypeError("%r object does not support %s" % (type(value).__name__, name))
        return method(value, *arguments)

    def ask_eq(self, value, other):
        self._passed(value)
        return bool(value == other)

    def ask_dir(self, value):
        self._passed(value)
        if isinstance(value, _CLOSED):
            return []
        return [name for name in dir(value) if not name.startswith("_")]

    def ask_await(self, awaitable):
        self._passed(awaitable)
        from agentos_waiting import wait_for

        return wait_for(self, awaitable)

    def _passed(self, value):
        if not self.peer.was_passed(value):
            raise TypeError("The candidate was not handed this object.")

    def _public(self, value, name):
        self._passed(value)
        if type(name) is not str or name.startswith("_") or isinstance(value, _CLOSED):
            raise AttributeError(name)


def _is_there(name, path):
    """Whether files of the tests or of the system are a module of that name. A folder without an __init__.py is none."""
    found = PathFinder.find_spec(name, path)
    return found is not None and found.loader is not None and found.origin is not None


def _is_of_mock(value, name):
    if not any(base.__module__ == "unittest.mock" for base in type(value).__mro__):
        return False
    return name.startswith(("assert", "mock", "call")) or hasattr(type(value), name)


def module_names(paths):
    """Names that the candidate's files may be imported by."""
    names = set()
    for path in paths:
        if not path.endswith(".py"):
            continue
        parts = path[:-3].split("/")
        if parts[-1] == "__init__":
            parts.pop()
        for start in range(len(parts)):
            for end in range(start + 1, len(parts) + 1):
                names.add(".".join(parts[start:end]))
    return names
