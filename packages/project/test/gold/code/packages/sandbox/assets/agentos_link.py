"""The link between the halves of a separated verdict: frames, calls that nest, and handles.

A frame is JSON text. A request names an operation; while its answer is awaited, the other half may ask in turn.
Neither half trusts the other: what does not fit fails the call.
"""

import json
import sys
import types
import weakref
from _thread import get_ident

from agentos_standins import FRAMEWORKS, Standin, StandinType, make_class, make_exception
from agentos_values import (
    KINDS,
    Decoder,
    Encoder,
    LinkError,
    _LIBRARY,
    instance_state,
    named_fields,
    plain_base,
)

FRAME_LIMIT = 64 * 1024 * 1024
_dumps, _loads = json.JSONEncoder(separators=(",", ":")).encode, json.loads
_getattr, _setattr, _delattr = getattr, setattr, delattr

# Builtin types that stand for themselves on the other side.
_DATA_TYPES = frozenset(
    ("object", "int", "float", "complex", "bool", "str", "bytes", "bytearray", "list", "tuple", "dict", "set")
    + ("frozenset", "range", "slice", "NoneType")
)


class _Reference(weakref.ref):
    __slots__ = ("handle",)


class Peer:
    """
    One end of the link. `write` sends the bytes of one frame, `read` waits for those of the next and returns None at the
    link's end. `judge`: whether this is the judge's end, which lets the candidate do little.
    """

    def __init__(self, write, read, root, judge):
        self._write = write
        self._read = read
        self.root = root
        self.judge = judge
        self.dumps = _dumps
        self.broken = None
        # Modules that the other half does not have in the same form.
        self.private = {"__main__"}
        self._owner = get_ident()
        self._exports = {}
        self._export_ids = {}
        self._sent = {}
        self._standins = {}
        self._received = {}
        self._released = []
        self._classes = {}
        self._described = set()
        # Objects that were handed over themselves: not the classes that only describe them.
        self._passed = set()
        self._keep = False
        # The objects of the calls that are under way, outermost first; the other side has the same.
        self._contexts = []
        self.tuple_classes = {}
        # Places of classes that lie in modules, which keep them alive.
        self._places = {}
        self._shared = set()
        # Handles of objects that the tests made themselves.
        self.made = set()
        self.operations = {}

    # Frames.

    def _send(self, frame):
        if self.broken is not None:
            raise LinkError(self.broken)
        data = _dumps(frame).encode("ascii")
        if len(data) > FRAME_LIMIT:
            raise LinkError("a value of more than 64 MiB")
        try:
            self._write(data)
        except OSError:
            self._end("the other half has ended")

    def _receive(self):
        try:
            data = self._read()
        except OSError:
            data = None
        if data is None:
            self._end("the other half has ended")
        try:
            frame = _loads(data)
        except (ValueError, RecursionError):
            frame = None
        if type(frame) is not dict:
            self._end("the other half sent what is no frame")
        return frame

    def _end(self, reason):
        if self.broken is None:
            self.broken = reason
        raise LinkError(self.broken)

    # Calls.

    def ask(self, operation, *arguments, **named):
        return self.request(operation, arguments, named)

    def request(self, operation, arguments, named=None):
        if get_ident() != self._owner:
            raise RuntimeError("Only the thread of the tests may use the other half.")
        encoder = Encoder(self)
        frame = {"q": operation, "a": [encoder.ref(value) for value in arguments]}
        if named:
            words = []
            for name, value in named.items():
                words += (name, encoder.ref(value))
            frame["k"] = words
        frame["o"] = encoder.drain()
        if self._released:
            frame["d"], self._released = self._released, []
        self._send(frame)
        self._contexts.append([encoder.objects, None])
        try:
            while True:
                reply = self._receive()
                if "q" not in reply:
                    break
                self._serve(reply)
        finally:
            self._contexts.pop()
        return self._finish(reply, encoder.objects)

    def _finish(self, reply, objects):
        failed = None
        try:
            # An answer to a request that could not be read goes on from nothing.
            decoder = Decoder(self, reply.get("o"), objects if reply.get("b") == len(objects) else [])
            decoder.restore(reply.get("m", []))
            if "e" in reply:
                failed = decoder.value(reply["e"])
                if not isinstance(failed, BaseException):
                    raise LinkError("an error that is none")
            else:
                return decoder.value(reply["v"])
        except LinkError:
            raise
        except Exception as error:
            raise LinkError("an answer that cannot be read: %s" % type(error).__name__)
        raise failed

    def serve_forever(self):
        """Answers until the other half is gone."""
        while True:
            try:
                frame = self._receive()
                if "q" not in frame:
                    self._end("an answer to nothing")
                self._serve(frame)
            except LinkError:
                return

    def _serve(self, frame):
        for released in frame.get("d", ()):
            self._release(released)
        objects, entries, answer, failed = [], frame.get("o"), None, None
        try:
            objects = Decoder(self, entries).all()
            decoder = Decoder(self, [], objects)
            arguments = [decoder.value(ref) for ref in frame["a"]]
            words = frame.get("k", [])
            named = {words[i]: decoder.value(words[i + 1]) for i in range(0, len(words), 2)}
            operation = self.operations.get(frame["q"])
            if operation is None:
                raise LinkError("an unknown request")
        except LinkError as error:
            failed = error
        except Exception as error:
            failed = LinkError("a request that cannot be read: %s" % type(error).__name__)
        if failed is None:
            self._contexts.append([objects, None])
            try:
                answer = operation(*arguments, **named)
            except BaseException as error:
                failed = error
            finally:
                self._contexts.pop()
        try:
            reply = self._answer(objects, entries, answer, failed)
        except Exception as error:
            if self.broken is not None:
                raise LinkError(self.broken)
            reply = self._answer([], None, None, LinkError("an answer that cannot cross: %s" % describe_short(error)))
        self._send(reply)

    def _answer(self, objects, entries, answer, failed):
        encoder = Encoder(self, objects)
        keep, self._keep = self._keep, False
        reply = {"b": encoder.base}
        if entries is not None and objects:
            changes = encoder.changes(entries)
            if changes:
                reply["m"] = changes
        self._keep = keep
        try:
            if failed is not None:
                reply["e"] = encoder.ref(failed)
            else:
                reply["v"] = encoder.ref(answer)
            reply["o"] = encoder.drain()
        finally:
            self._keep = False
        return reply

    def borrow_thread(self):
        """Lets this thread use the link until the returned function is called: the other one waits for it."""
        before, self._owner = self._owner, get_ident()

        def give_back():
            self._owner = before

        return give_back

    # Handles of this side's objects.

    def keep_next(self):
        """The next answer is a handle even where it could cross as a plain value."""
        self._keep = True

    def keeps(self, value):
        if self._keep:
            self._keep = False
            return True
        return False

    def export(self, value):
        key = id(value)
        handle = self._export_ids.get(key)
        if handle is None:
            handle = self._export_ids[key] = len(self._sent) + 1
            self._exports[handle] = value
            self._sent[handle] = 0
        self._sent[handle] += 1
        return handle

    def _release(self, released):
        if type(released) is not list or len(released) != 2:
            return
        handle, count = released
        if type(handle) is not int or type(count) is not int or handle not in self._exports:
            return
        self._sent[handle] -= count
        if self._sent[handle] <= 0:
            value = self._exports.pop(handle)
            self._export_ids.pop(id(value), None)

    def own(self, handle):
        try:
            return self._exports[handle]
        except (KeyError, TypeError):
            raise LinkError("a handle of nothing")

    def was_passed(self, value):
        """Whether an object was handed to the other side as a handle."""
        return self._export_ids.get(id(value)) in self._passed

    def handle_entry(self, encoder, value):
        handle = self.export(value)
        self._passed.add(handle)
        return ["h", handle, encoder.ref(_Described(type(value)))]

    def standin_entry(self, encoder, value):
        kind = type(value)
        if kind is _Described:
            return self._described_entry(encoder, value.kind)
        if kind is StandinType:
            handle = value.__dict__.get("_agentos_class")
            return None if handle is None or handle[0] is not self else ["y", handle[1]]
        if type(kind) is StandinType:
            owned = object.__getattribute__(value, "_agentos")
            return None if owned is None or owned[0] is not self else ["y", owned[1]]
        if kind is type and value in self.tuple_classes:
            return ["y", self.tuple_classes[value]]
        owned = _STANDIN_MODULES.get(kind)
        return None if owned is None else ["y", owned(value)]

    def name_entry(self, encoder, value):
        if self.judge:
            if isinstance(value, types.ModuleType):
                if is_standard(value.__name__) and sys.modules.get(value.__name__) is value:
                    return ["n", value.__name__, None]
            else:
                place = self._place(value, _getattr(value, "__module__", None), _getattr(value, "__qualname__", None))
                if place is not None:
                    return ["n", place[0], place[1]]
        return self.handle_entry(encoder, value)

    def class_entry(self, encoder, kind):
        place = self.place_of(kind)
        if place is not None and (self.judge or self._may_name(place, kind)):
            return ["n", place[0], place[1]]
        entry = self._described_entry(encoder, kind)
        self._passed.add(entry[1])
        return entry

    def _described_entry(self, encoder, kind):
        handle = self.export(kind)
        if handle in self._described:
            return ["k", handle]
        self._described.add(handle)
        # A class is known for good on the other side.
        self._sent[handle] += 1 << 40
        bases = []
        for base in kind.__bases__:
            if base is object or (plain_base(base) is base and not issubclass(base, BaseException)):
                continue
            bases.append(encoder.ref(base))
        base = plain_base(kind)
        doc = kind.__doc__ if type(kind.__doc__) is str else None
        hashable = _getattr(kind, "__hash__", None) is not None
        names = special_names(kind)
        head = ["k", handle, str(kind.__name__), str(kind.__qualname__), str(kind.__module__), doc]
        head += [base.__name__ if base is not None else None, hashable, issubclass(kind, BaseException), len(bases)]
        return [*head, *bases, *names]

    # Stand-ins for the other side's objects.

    def class_of(self, items):
        handle = items[0]
        known = self._classes.get(handle)
        if known is not None:
            return known
        if len(items) < 9 or type(handle) is not int:
            raise LinkError("a class that was never described")
        name, qualname, module, doc, base, hashable, raises, count = items[1:9]
        if type(name) is not str or type(qualname) is not str or type(module) is not str or type(count) is not int:
            raise LinkError("a class without a name")
        bases = [kind for kind in items[9 : 9 + count] if isinstance(kind, type)]
        names = [special for special in items[9 + count :] if type(special) is str and special in SPECIALS]
        described = (name, qualname, module, doc if type(doc) is str else None)
        if raises is True:
            made = make_exception(self, handle, described, bases)
        else:
            made = make_class(self, handle, described, bases, names, base, hashable is True)
        self._classes[handle] = made
        return made

    def standin(self, handle, kind):
        if type(handle) is not int or type(kind) is not StandinType or not issubclass(kind, Standin):
            raise LinkError("a handle without a class")
        reference = self._standins.get(handle)
        known = None if reference is None else reference()
        self._received[handle] = self._received.get(handle, 0) + 1
        if known is not None:
            return known
        made = object.__new__(kind)
        object.__setattr__(made, "_agentos", (self, handle))
        reference = _Reference(made, self._dead)
        reference.handle = handle
        self._standins[handle] = reference
        return made

    def _dead(self, reference):
        handle = reference.handle
        if self._standins.get(handle) is reference:
            del self._standins[handle]
            self._released.append([handle, self._received.pop(handle, 0)])

    # Names that mean the same on both sides.

    def _class_at(self, module, qualname):
        """The class of that name, found through classes alone: a module's names may lead to other modules' classes."""
        found = sys.modules.get(module)
        for part in qualname.split("."):
            found = _getattr(found, part, None)
            if not isinstance(found, type):
                raise LinkError("a name of no class")
        if (found.__module__, found.__qualname__) != (module, qualname):
            raise LinkError("a class under a name that is not its own")
        return found

    def _place(self, value, module, qualname):
        if type(module) is not str or type(qualname) is not str or "<" in qualname:
            return None
        if not is_standard(module) and not self.is_shared(module):
            return None
        found = sys.modules.get(module)
        for part in qualname.split("."):
            found = _getattr(found, part, None)
        return (module, qualname) if found is value else None

    def place_of(self, kind):
        if kind is type(None):
            return ("builtins", "NoneType")
        known = self._places.get(id(kind))
        if known is None:
            known = self._place(kind, _getattr(kind, "__module__", None), _getattr(kind, "__qualname__", None))
            if known is not None:
                self._places[id(kind)] = known
        return known

    def is_own_type(self, kind):
        return self.place_of(kind) is not None

    def is_shared(self, module):
        """Whether a module is a support file, of which both sides have the same."""
        if module in self._shared:
            return True
        if module in self.private:
            return False
        loaded = sys.modules.get(module)
        if loaded is None:
            path = self.root + module.replace(".", "/")
            if "/" in module or not (_exists(path + ".py") or _exists(path + "/__init__.py")):
                return False
            __import__(module)
            loaded = sys.modules.get(module)
        file = _getattr(loaded, "__file__", None) if type(loaded) is types.ModuleType else None
        if type(file) is not str or not file.startswith(self.root):
            return False
        self._shared.add(module)
        return True

    def _may_name(self, place, kind):
        module, qualname = place
        if module == "builtins":
            return qualname in _DATA_TYPES or issubclass(kind, BaseException)
        # What steers the tests is theirs alone.
        if any(base.__module__.split(".")[0] in FRAMEWORKS for base in kind.__mro__):
            return False
        if self.is_shared(module) or (module, qualname) in _LIBRARY:
            return True
        return issubclass(kind, BaseException) and is_standard(module)

    def named(self, module, qualname):
        if type(module) is not str:
            raise LinkError("a name of nothing")
        if (module, qualname) == ("builtins", "NoneType"):
            return type(None)
        if not is_standard(module) and not self.is_shared(module):
            raise LinkError("a name in a module of one side only")
        found = sys.modules.get(module)
        if found is None:
            __import__(module)
            found = sys.modules[module]
        if qualname is None and not self.judge:
            return found
        if type(qualname) is not str:
            raise LinkError("a name of nothing")
        if self.judge:
            found = self._class_at(module, qualname)
            if not self._may_name((module, qualname), found):
                raise LinkError("a name that the candidate may not use")
            return found
        for part in qualname.split("."):
            found = _getattr(found, part, None)
        return found

    def enum_member(self, module, qualname, name):
        import enum

        if type(module) is not str or type(qualname) is not str or type(name) is not str:
            raise LinkError("an enumeration without a name")
        if not is_standard(module) and not self.is_shared(module):
            raise LinkError("an enumeration of one side only")
        if module not in sys.modules:
            __import__(module)
        kind = self._class_at(module, qualname)
        if not issubclass(kind, enum.Enum):
            raise LinkError("an enumeration that is none")
        # Flags combine names.
        if "|" in name:
            member = kind(0)
            for part in name.split("|"):
                member |= kind[part]
            return member
        return kind[name]

    def new_instance(self, module, qualname):
        if type(module) is not str or type(qualname) is not str or not self.is_shared(module):
            raise LinkError("an instance of a class of one side only")
        return object.__new__(self._class_at(module, qualname))

    def context_of(self, value):
        """Where an object lies among those of the calls under way; None when it is new to the other side."""
        for depth, context in enumerate(self._contexts):
            if context[1] is None:
                context[1] = {id(each): index for index, each in enumerate(context[0])}
            index = context[1].get(id(value))
            if index is not None:
                return depth, index
        return None

    def from_context(self, depth, index, module, qualname):
        if type(depth) is not int or type(index) is not int or not 0 <= depth < len(self._contexts):
            raise LinkError("an object of no call")
        objects = self._contexts[depth][0]
        value = objects[index] if 0 <= index < len(objects) else None
        if not self.is_shared(module) or (type(value).__module__, type(value).__qualname__) != (module, qualname):
            raise LinkError("an object of no call")
        return value

    def check_state(self, kind, state):
        """Attributes of a support class's instance may not hide what the class defines."""
        for name in state:
            if type(name) is not str:
                raise LinkError("an attribute without a name")
            if self.judge and callable(_getattr(kind, name, None)):
                raise LinkError("an attribute that would replace %s.%s" % (kind.__name__, name))

    def same_kind(self, tag, value, items):
        if tag == "in":
            return (type(value).__module__, type(value).__qualname__) == tuple(items[:2])
        return type(value) is KINDS[tag]()

    def named_tuple(self, kind, fields, values):
        if not all(type(field) is str for field in fields) or len(fields) != len(values):
            raise LinkError("a named tuple without names")
        if type(kind) is not StandinType:
            # One of our own that came back.
            if isinstance(kind, type) and named_fields(kind) == tuple(fields):
                return tuple.__new__(kind, values)
            raise LinkError("a named tuple of no class")
        made = kind.__dict__.get("_agentos_tuple")
        if made is None:
            import collections

            made = collections.namedtuple(kind.__name__, fields)
            made.__qualname__, made.__module__, made.__doc__ = kind.__qualname__, kind.__module__, kind.__doc__
            type.__setattr__(kind, "_agentos_tuple", made)
            self.tuple_classes[made] = kind.__dict__["_agentos_class"][1]
        if made._fields != tuple(fields):
            raise LinkError("a named tuple with other names")
        return tuple.__new__(made, values)

    # Errors.

    def exception_entry(self, encoder, error):
        if isinstance(error, LinkError):
            error = RuntimeError("The call failed: %s." % error)
        kind = type(error)
        place = self.place_of(kind)
        known = place is not None and (self.judge or self._may_name(place, kind))
        handle = None if known else self.export(error)
        state = instance_state(error) if known else None
        args = error.args if type(error.args) is tuple else ()
        if known and issubclass(kind, OSError) and error.filename is not None:
            args = (error.errno, error.strerror, error.filename)
        try:
            text = str(error)
        except BaseException:
            text = ""
        state = {name: value for name, value in (state or {}).items() if not name.startswith("_agentos")}
        if known and issubclass(kind, ImportError):
            state.update(name=error.name, path=error.path)
        frames = [] if self.judge else frames_of(error, self.root)
        parts = (kind, args, state, frames, error.__cause__, error.__context__)
        return ["e", handle, text, error.__suppress_context__, *[encoder.ref(part) for part in parts]]

    def exception(self, items):
        handle, text, suppress, kind, args, state, frames, cause, context = items
        if not isinstance(kind, type) or not issubclass(kind, BaseException):
            raise LinkError("an error of no class")
        if type(args) is not tuple or type(state) is not dict or type(text) is not str:
            raise LinkError("an error without its parts")
        if type(kind) is StandinType:
            if type(handle) is not int:
                raise LinkError("an error without a handle")
            error = BaseException.__new__(kind, *args)
            error._agentos = (self, handle)
            error._agentos_text = text
        else:
            try:
                error = kind(*args)
            except Exception:
                error = kind.__new__(kind)
            error.args = args if not issubclass(kind, OSError) or len(args) < 3 else args[:2]
            for name, value in state.items():
                if type(name) is str and not (name.startswith("__") and name != "__notes__"):
                    _setattr(error, name, value)
        if type(frames) is list:
            error._agentos_frames = [frame for frame in frames if _is_frame(frame)][:60]
        if isinstance(cause, BaseException):
            error.__cause__ = cause
        if isinstance(context, BaseException):
            error.__context__ = context
        error.__suppress_context__ = suppress is True
        return error


class _Described:
    """Asks for the description of a class, even of one that has a name on the other side."""

    __slots__ = ("kind",)
    _known = {}

    def __new__(cls, kind):
        # The same object each time: tables tell objects apart by identity.
        made = cls._known.get(id(kind))
        if made is None:
            made = cls._known[id(kind)] = object.__new__(cls)
            made.kind = kind
        return made


# Stand-ins that are modules, by class: how to read their handle.
_STANDIN_MODULES = {}


def register_module_class(kind, handle_of):
    _STANDIN_MODULES[kind] = handle_of


_SPECIALS = frozenset(
    "call len iter next getitem setitem delitem contains reversed bool hash eq ne lt le gt ge str repr format bytes"
    " add sub mul truediv floordiv mod divmod pow lshift rshift and xor or matmul"
    " radd rsub rmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand rxor ror rmatmul"
    " iadd isub imul itruediv ifloordiv imod ipow ilshift irshift iand ixor ior imatmul"
    " neg pos abs invert int float complex index round trunc floor ceil fspath"
    " enter exit aenter aexit await aiter anext".split()
)
SPECIALS = frozenset("__%s__" % name for name in _SPECIALS)


def special_names(kind):
    """The special methods that a class has beyond those of every object."""
    names = []
    for name in SPECIALS:
        method = _getattr(kind, name, None)
        if method is not None and method is not _getattr(object, name, None):
            for base in kind.__mro__:
                if name in base.__dict__:
                    if base is not object:
                        names.append(name)
                    break
    return sorted(names)


def _exists(path):
    import os

    return os.path.isfile(path)


def is_standard(module):
    """Whether a module belongs to Python itself."""
    if type(module) is not str:
        return False
    top, *inner = module.split(".")
    if "__main__" in inner or top in ("__main__", "this", "antigravity", "idlelib", "turtle") or top.startswith(("agentos_", "__harness")):
        return False
    names = _getattr(sys, "stdlib_module_names", None)
    if names is not None:
        return top in names
    if top in sys.builtin_module_names:
        return True
    import os

    folder = os.path.dirname(os.__file__)
    loaded = sys.modules.get(top)
    file = _getattr(loaded, "__file__", None)
    if loaded is None:
        return os.path.exists(os.path.join(folder, top + ".py")) or os.path.isdir(os.path.join(folder, top))
    return type(file) is not str or (file.startswith(folder) and "-packages" not in file)


def frames_of(error, root):
    """Where an error was raised, in the files of the run: path, line, name and source line, innermost last."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith(root):
            frames.append([code.co_filename[len(root) :], trace.tb_lineno, code.co_name, ""])
        trace = trace.tb_next
    frames = frames[-8:]
    for frame in frames:
        try:
            with open(root + frame[0], encoding="utf-8", errors="replace") as source:
                frame[3] = source.read(1 << 20).split("\n")[frame[1] - 1].strip()[:200]
        except Exception:
            pass
    return frames


def _is_frame(frame):
    return (
        type(frame) is list
        and len(frame) == 4
        and type(frame[0]) is str
        and type(frame[1]) is int
        and type(frame[2]) is str
        and type(frame[3]) is str
    )


def describe_short(error):
    try:
        return "%s: %s" % (type(error).__name__, str(error)[:200])
    except BaseException:
        return type(error).__name__
