"""The candidate's half of a separated verdict: loads the candidate on request and calls it for the judge.

Started with the half as JSON in its first argument; the link is descriptor 6. What the candidate prints goes to its own
output. It ends when the judge does.
"""

import sys

from agentos_link import FRAME_LIMIT, SPECIALS, Peer
from agentos_values import named_fields, plain_of
from agentos_waiting import wait_for

_NAMED_TUPLE = frozenset(
    ("__doc__", "__slots__", "__new__", "_make", "_replace", "__replace__", "__repr__", "_asdict", "__getnewargs__")
    + ("__match_args__", "_fields", "_field_defaults", "_fields_defaults", "__module__", "__annotations__")
    + ("__orig_bases__", "__firstlineno__", "__static_attributes__", "__annotate__", "__annotate_func__")
)


class Candidate:
    """What the judge may ask for, by the names of the requests."""

    def __init__(self, peer, root, entry):
        self.peer = peer
        self.root = root
        self.entry = entry
        self.loop = None
        for name in dir(self):
            if name.startswith("ask_"):
                peer.operations[name[4:]] = getattr(self, name)

    def ask_hello(self, names):
        self.peer.private.update(names)

    def ask_import(self, name, folder):
        """Imports a module. The answer: its handle, the names that it holds, and those that a star would import."""
        folder = (self.root + folder).rstrip("/")
        if folder not in sys.path:
            sys.path.insert(0, folder)
        __import__(name)
        module = sys.modules[name]
        return _facts(module)

    def ask_main(self):
        """Runs the entry file as a program would."""
        import types

        path = self.root + self.entry
        module = types.ModuleType("__main__")
        module.__file__ = path
        module.__builtins__ = __builtins__
        sys.modules["__main__"] = module
        with open(path, "rb") as source:
            text = source.read()
        exec(compile(text, path, "exec", dont_inherit=True), module.__dict__)
        return _facts(module)

    def ask_get(self, value, name):
        return getattr(value, name)

    def ask_set(self, value, name, attribute):
        setattr(value, name, attribute)

    def ask_del(self, value, name):
        delattr(value, name)

    def ask_dir(self, value):
        return [name for name in dir(value) if type(name) is str]

    def ask_call(*arguments, **named):
        return arguments[1](*arguments[2:], **named)

    def ask_new(*arguments, **named):
        self, kind = arguments[:2]
        made = kind(*arguments[2:], **named)
        if not (named_fields(type(made)) is not None and _NAMED_TUPLE.issuperset(
            name for name in vars(type(made)) if name not in type(made)._fields
        )):
            self.peer.keep_next()
        return made

    def ask_special(self, value, name, *arguments):
        if name not in SPECIALS:
            raise TypeError(name)
        kind = type(value)
        if name == "__iter__" and not hasattr(kind, "__iter__"):
            return iter(value)
        if name == "__getitem__" and isinstance(value, type) and not hasattr(kind, "__getitem__"):
            return value[arguments[0]]
        method = getattr(kind, name, None)
        if method is None:
            raise TypeError("%r object does not support %s" % (kind.__name__, name))
        return method(value, *arguments)

    def ask_eq(self, value, other):
        return bool(value == other)

    def ask_plain(self, value):
        return plain_of(value)

    def ask_copy(self, value):
        import copy

        self.peer.keep_next()
        return copy.copy(value)

    def ask_deepcopy(self, value):
        import copy

        self.peer.keep_next()
        return copy.deepcopy(value)

    def ask_await(self, awaitable):
        return wait_for(self, awaitable)

    def ask_signature(self, function):
        import inspect

        signature = inspect.signature(function)
        return [
            (each.name, int(each.kind), each.default is not each.empty, None if each.default is each.empty else each.default)
            for each in signature.parameters.values()
        ]


def _facts(module):
    names = [name for name in vars(module) if type(name) is str]
    exported = getattr(module, "__all__", None)
    if exported is None:
        exported = [name for name in names if not name.startswith("_")]
    path = getattr(module, "__path__", None)
    return (module, names, list(exported), None if path is None else list(path), module.__doc__)


def run_candidate(half, write, read, root):
    """Serves the judge until it leaves."""
    peer = Peer(write, read, root, judge=False)
    Candidate(peer, root, half["entry"])
    peer.serve_forever()


def link_of(descriptor):
    """
    Functions that write and read frames at a descriptor: their length, four bytes of it, little endian, then as many bytes.
    """
    import os

    send, receive = os.write, os.read

    def write(frame):
        view = memoryview(len(frame).to_bytes(4, "little") + frame)
        while view:
            view = view[send(descriptor, view) :]

    def exactly(size):
        parts = []
        while size > 0:
            part = receive(descriptor, min(size, 1 << 20))
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def read():
        head = exactly(4)
        size = FRAME_LIMIT + 1 if head is None else int.from_bytes(head, "little")
        return None if size > FRAME_LIMIT else exactly(size)

    return write, read


def _main():
    import json
    import os

    leave = os._exit
    half = json.loads(sys.argv[1])
    sys.argv[:] = [""]
    root = os.path.join(os.getcwd(), "")
    # The folder of these files makes way for the candidate's.
    sys.path[0] = root[:-1]
    write, read = link_of(6)
    flush = (sys.stdout.flush, sys.stderr.flush)
    run_candidate(half, write, read, root)
    for each in (*flush, sys.stdout.flush, sys.stderr.flush):
        try:
            each()
        except BaseException:
            pass
    leave(0)


if __name__ == "__main__":
    sys.modules["separate"] = sys.modules["__main__"]
    _main()
