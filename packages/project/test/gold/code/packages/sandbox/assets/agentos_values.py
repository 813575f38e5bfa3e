"""Values as they cross between the halves of a separated verdict.

A frame holds a table of objects, each one flat list: a tag, then scalars and references. A reference is a list of one
index. None, booleans, floats, text and small integers stand for themselves. Nothing in a table is code: the receiver
builds objects of exact types of its own, and everything else is a handle that is asked through the link.

A reply continues the table of its request: an index below the request's size is the asker's own object, so that an
argument that comes back is that very object, and what was changed in arguments is written back into them.
"""

import sys
import types

_dict_keys, _dict_values, _dict_items = type({}.keys()), type({}.values()), type({}.items())
_INLINE = frozenset((type(None), bool, float))
_SCALARS = _INLINE | {int, str}
_LARGE = 1 << 62
_MISSING = object()


class LinkError(Exception):
    """The other half is gone, or sent what cannot be understood. Its calls fail."""


def is_inline(value):
    kind = type(value)
    if kind in _INLINE:
        return True
    if kind is str:
        return value.isascii() or _encodable(value)
    return kind is int and -_LARGE < value < _LARGE


def _encodable(text):
    # Two halves of a pair of surrogates would come back as one character.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Encoder:
    """Makes the table of one frame. `objects` are those of the request that is answered, in the order of its table."""

    def __init__(self, peer, objects=()):
        self._peer = peer
        self.objects = list(objects)
        self.base = len(self.objects)
        self.entries = []
        self._memo = {}
        for index, value in enumerate(self.objects):
            self._memo.setdefault(id(value), index)
        self._todo = []

    def ref(self, value):
        kind = type(value)
        if kind is str or kind is int or kind in _INLINE:
            if is_inline(value):
                return value
        index = self._memo.get(id(value))
        if index is None:
            index = self._memo[id(value)] = len(self.objects)
            self.objects.append(value)
            self.entries.append(None)
            self._todo.append(index)
        return [index]

    def drain(self):
        todo = self._todo
        while todo:
            index = todo.pop()
            self.entries[index - self.base] = self.entry(self.objects[index])
        return self.entries

    def entry(self, value):
        make = _ENTRIES.get(type(value))
        if make is not None:
            return make(self, value)
        return self._other(value)

    def _other(self, value):
        peer = self._peer
        kind = type(value)
        own = peer.standin_entry(self, value)
        if own is not None:
            return own
        if kind is types.FunctionType or kind is types.MethodType:
            return peer.handle_entry(self, value)
        make = _LIBRARY.get((kind.__module__, kind.__qualname__))
        if make is not None and peer.is_own_type(kind):
            return make(self, value)
        if isinstance(value, BaseException):
            return peer.exception_entry(self, value)
        enum = sys.modules.get("enum")
        if enum is not None and isinstance(value, enum.Enum):
            place = peer.place_of(kind)
            if place is not None and value.name is not None:
                return ["en", place[0], place[1], value.name]
            return peer.handle_entry(self, value)
        if isinstance(value, (types.BuiltinFunctionType, types.ModuleType)):
            return peer.name_entry(self, value)
        if isinstance(value, type):
            return peer.class_entry(self, value)
        place = peer.place_of(kind)
        if place is not None and peer.is_shared(place[0]):
            state = instance_state(value)
            if state is not None:
                known = peer.context_of(value)
                entry = ["in", *place] if known is None else ["ci", *known, *place]
                for name, attribute in state.items():
                    entry += (name, self.ref(attribute))
                return entry
        if peer.keeps(value):
            return peer.handle_entry(self, value)
        fields = named_fields(kind)
        if fields is not None:
            return ["nt", self.ref(kind), len(fields), *fields, *[self.ref(item) for item in tuple.__iter__(value)]]
        for base, extract in _PLAIN:
            if isinstance(value, base):
                return _ENTRIES[base](self, extract(value))
        return peer.handle_entry(self, value)

    def changes(self, entries):
        """What became of the objects of a request, whose table was `entries`: pairs of index and new entry."""
        changed = []
        for index, old in enumerate(entries):
            if old[0] == "ci":
                old = ["in", *old[3:]]
            elif old[0] not in _RESTORE:
                continue
            value = self.objects[index]
            new = self.entry(value)
            if new[0] == "ci":
                new = ["in", *new[3:]]
            if new[0] == old[0] and new == old and self._peer.dumps(new) == self._peer.dumps(old):
                continue
            changed.append([index, new])
        return changed


def plain_of(value):
    """The builtin value inside an instance of a subclass of a builtin type; itself when there is none."""
    for base, extract in _PLAIN:
        if isinstance(value, base):
            return extract(value)
    return value


def plain_base(kind):
    for base, _ in _PLAIN:
        if issubclass(kind, base):
            return base
    return None


def named_fields(kind):
    fields = getattr(kind, "_fields", None) if issubclass(kind, tuple) else None
    if type(fields) is tuple and all(type(field) is str for field in fields):
        return fields
    return None


def slot_names(kind):
    names = []
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name in ("__dict__", "__weakref__"):
                continue
            names.append("_%s%s" % (base.__name__.lstrip("_"), name) if name.startswith("__") else name)
    return names


def instance_state(value):
    """Attributes of a plain instance, by name; None for one that holds more than attributes."""
    kind = type(value)
    if kind.__new__ is not object.__new__ and plain_base(kind) is not None:
        return None
    state = {}
    for name in slot_names(kind):
        attribute = getattr(value, name, _MISSING)
        if attribute is not _MISSING:
            state[name] = attribute
    attributes = getattr(value, "__dict__", None)
    if attributes is not None:
        if any(type(name) is not str for name in attributes):
            return None
        state.update(attributes)
    return state


def set_state(value, state):
    for name in slot_names(type(value)):
        if name in state:
            object.__setattr__(value, name, state.pop(name))
        elif getattr(value, name, _MISSING) is not _MISSING:
            object.__delattr__(value, name)
    attributes = getattr(value, "__dict__", None)
    if attributes is None:
        if state:
            raise LinkError("an instance of %s with attributes that it cannot have" % type(value).__name__)
        return
    attributes.clear()
    attributes.update(state)


def _all_inline(items):
    """Whether all items stand for themselves, found without looking at each from here."""
    kinds = set(map(type, items))
    if str in kinds:
        return len(kinds) == 1 and "".join(items).isascii()
    if int in kinds and not (len(kinds) == 1 and -_LARGE < min(items) and max(items) < _LARGE):
        return False
    return kinds <= _SCALARS


def _sequence(tag):
    def make(encoder, value):
        if _all_inline(value):
            return [tag, *value]
        ref = encoder.ref
        return [tag, *[ref(item) for item in value]]

    return make


def _mapping(*head):
    def make(encoder, value):
        ref = encoder.ref
        entry = list(head)
        for key, item in value.items():
            entry += (ref(key), ref(item))
        return entry

    return make


def _default_dict(encoder, value):
    return _mapping("dd", encoder.ref(value.default_factory))(encoder, value)


_ENTRIES = {
    type(None): lambda encoder, value: ["v", None],
    bool: lambda encoder, value: ["v", value],
    float: lambda encoder, value: ["v", value],
    int: lambda encoder, value: ["i", "%x" % value],
    str: lambda encoder, value: (
        ["v", value] if is_inline(value) else ["u", value.encode("utf-32-be", "surrogatepass").hex()]
    ),
    list: _sequence("l"),
    tuple: _sequence("t"),
    set: _sequence("s"),
    frozenset: _sequence("f"),
    dict: _mapping("d"),
    bytes: lambda encoder, value: ["b", value.decode("latin-1")],
    bytearray: lambda encoder, value: ["B", value.decode("latin-1")],
    complex: lambda encoder, value: ["c", value.real, value.imag],
    range: lambda encoder, value: ["r", encoder.ref(value.start), encoder.ref(value.stop), encoder.ref(value.step)],
    slice: lambda encoder, value: ["sl", encoder.ref(value.start), encoder.ref(value.stop), encoder.ref(value.step)],
    type(Ellipsis): lambda encoder, value: ["el"],
    type(NotImplemented): lambda encoder, value: ["ni"],
    types.TracebackType: lambda encoder, value: ["v", None],
    _dict_keys: _sequence("dk"),
    _dict_values: _sequence("dv"),
    _dict_items: _sequence("di"),
    types.MappingProxyType: _mapping("mp"),
    types.SimpleNamespace: lambda encoder, value: _mapping("ns")(encoder, vars(value)),
}

_PLAIN = (
    (int, lambda value: int.__add__(value, 0)),
    (str, lambda value: str.__add__(value, "")),
    (float, lambda value: float.__mul__(value, 1.0)),
    (list, lambda value: list(list.__iter__(value))),
    (dict, lambda value: dict(dict.items(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    (bytes, lambda value: bytes.__add__(value, b"")),
    (bytearray, lambda value: bytearray(bytearray.__iter__(value))),
    (complex, lambda value: complex.__add__(value, 0)),
)


def _zone(encoder, value):
    offset = value.utcoffset(None)
    return ["x", "datetime.timezone", encoder.ref(offset), value.tzname(None)]


def _attributes(name, *attributes):
    return lambda encoder, value: ["x", name, *[encoder.ref(getattr(value, attribute)) for attribute in attributes]]


def _text(name):
    return lambda encoder, value: ["x", name, str(value)]


_TIME = ("hour", "minute", "second", "microsecond", "tzinfo", "fold")
_LIBRARY = {
    ("datetime", "date"): _attributes("datetime.date", "year", "month", "day"),
    ("datetime", "time"): _attributes("datetime.time", *_TIME),
    ("datetime", "datetime"): _attributes("datetime.datetime", "year", "month", "day", *_TIME),
    ("datetime", "timedelta"): _attributes("datetime.timedelta", "days", "seconds", "microseconds"),
    ("datetime", "timezone"): _zone,
    ("zoneinfo", "ZoneInfo"): _attributes("zoneinfo.ZoneInfo", "key"),
    ("decimal", "Decimal"): _text("decimal.Decimal"),
    ("fractions", "Fraction"): _attributes("fractions.Fraction", "numerator", "denominator"),
    ("uuid", "UUID"): _text("uuid.UUID"),
    ("array", "array"): lambda encoder, value: ["x", "array.array", value.typecode, encoder.ref(value.tolist())],
    ("re", "Pattern"): _attributes("re.Pattern", "pattern", "flags"),
    ("collections", "deque"): lambda encoder, value: ["dq", value.maxlen, *[encoder.ref(item) for item in value]],
    ("collections", "OrderedDict"): _mapping("od"),
    ("collections", "Counter"): _mapping("ct"),
    ("collections", "defaultdict"): _default_dict,
}
for _module in ("pathlib", "pathlib._local"):
    for _name in ("PurePosixPath", "PosixPath", "PureWindowsPath"):
        _LIBRARY[(_module, _name)] = _text("pathlib." + _name)


def _build_library(name, args):
    """Builds an object of a type of the standard library; only of those that are sent as data."""
    if name == "re.Pattern":
        import re

        return re.compile(args[0], args[1])
    module_name, _, class_name = name.rpartition(".")
    if (module_name, class_name) not in _LIBRARY:
        raise LinkError("a value of an unknown type")
    kind = getattr(__import__(module_name), class_name)
    if class_name in ("time", "datetime"):
        return kind(*args[:-1], fold=args[-1])
    if class_name == "timezone":
        return kind(*args) if args[1] != kind(args[0]).tzname(None) else kind(args[0])
    return kind(*args)


def _pairs(items):
    if len(items) % 2:
        raise LinkError("a mapping without its last value")
    return zip(items[::2], items[1::2])


def _collections(name):
    import collections

    return getattr(collections, name)


def _items_view(peer, items):
    return dict(items).items()


def _keys_view(peer, items):
    return dict.fromkeys(items).keys()


def _values_view(peer, items):
    return dict(enumerate(items)).values()


# What can be built empty, so that it may contain itself.
_SHELLS = {
    "l": lambda peer, items: [],
    "s": lambda peer, items: set(),
    "d": lambda peer, items: {},
    "B": lambda peer, items: bytearray(),
    "od": lambda peer, items: _collections("OrderedDict")(),
    "ct": lambda peer, items: _collections("Counter")(),
    "dd": lambda peer, items: _collections("defaultdict")(),
    "ns": lambda peer, items: types.SimpleNamespace(),
    "dq": lambda peer, items: _collections("deque")((), items[0]),
    "in": lambda peer, items: peer.new_instance(items[0], items[1]),
    # One that an outer call has brought here already.
    "ci": lambda peer, items: peer.from_context(*items[:4]),
}

_BUILD = {
    "v": lambda peer, items: items[0],
    "t": lambda peer, items: tuple(items),
    "f": lambda peer, items: frozenset(items),
    "i": lambda peer, items: int(items[0], 16),
    "u": lambda peer, items: bytes.fromhex(items[0]).decode("utf-32-be", "surrogatepass"),
    "b": lambda peer, items: items[0].encode("latin-1"),
    "c": lambda peer, items: complex(*items),
    "r": lambda peer, items: range(*items),
    "sl": lambda peer, items: slice(*items),
    "el": lambda peer, items: Ellipsis,
    "ni": lambda peer, items: NotImplemented,
    "mp": lambda peer, items: types.MappingProxyType(dict(_pairs(items))),
    "dk": _keys_view,
    "dv": _values_view,
    "di": _items_view,
    "x": lambda peer, items: _build_library(items[0], items[1:]),
    "en": lambda peer, items: peer.enum_member(*items),
    "n": lambda peer, items: peer.named(*items),
    "nt": lambda peer, items: peer.named_tuple(items[0], items[2 : 2 + items[1]], items[2 + items[1] :]),
    "k": lambda peer, items: peer.class_of(items),
    "h": lambda peer, items: peer.standin(*items),
    "y": lambda peer, items: peer.own(items[0]),
    "e": lambda peer, items: peer.exception(items),
}


def _restore_list(peer, value, items):
    value[:] = items


def _restore_set(peer, value, items):
    # Hashing may run code, so nothing is lost when it fails.
    fresh = set(items)
    value.clear()
    value.update(fresh)


def _restore_dict(peer, value, items):
    fresh = list(_pairs(items))
    value.clear()
    for key, item in fresh:
        dict.__setitem__(value, key, item)


def _restore_default(peer, value, items):
    value.default_factory = items[0]
    _restore_dict(peer, value, items[1:])


def _restore_ordered(peer, value, items):
    value.clear()
    for key, item in _pairs(items):
        value[key] = item


def _restore_bytes(peer, value, items):
    value[:] = items[0].encode("latin-1")


def _restore_deque(peer, value, items):
    value.clear()
    value.extend(items[1:])


def _restore_namespace(peer, value, items):
    vars(value).clear()
    vars(value).update(_pairs(items))


def _restore_instance(peer, value, items):
    state = dict(_pairs(items[2:]))
    peer.check_state(type(value), state)
    set_state(value, state)


_RESTORE = {
    "l": _restore_list,
    "s": _restore_set,
    "d": _restore_dict,
    "B": _restore_bytes,
    "od": _restore_ordered,
    "ct": _restore_dict,
    "dd": _restore_default,
    "ns": _restore_namespace,
    "dq": _restore_deque,
    "in": _restore_instance,
}


# What an object must be for its entry to be written into it.
KINDS = {
    "l": lambda: list,
    "s": lambda: set,
    "d": lambda: dict,
    "B": lambda: bytearray,
    "od": lambda: _collections("OrderedDict"),
    "ct": lambda: _collections("Counter"),
    "dd": lambda: _collections("defaultdict"),
    "ns": lambda: types.SimpleNamespace,
    "dq": lambda: _collections("deque"),
}


_FILL = dict(_RESTORE, ci=lambda peer, value, items: _restore_instance(peer, value, items[2:]))


class Decoder:
    """Builds the objects of a frame. `objects` are those of the request that it answers."""

    def __init__(self, peer, entries, objects=()):
        if type(entries) is not list:
            raise LinkError("a frame without a table")
        self._peer = peer
        self.entries = entries
        self.base = len(objects)
        self.objects = list(objects) + [_MISSING] * len(entries)
        # 0 not begun, 1 begun, 2 done.
        self._state = [2] * self.base + [0] * len(entries)

    def value(self, ref):
        if type(ref) is not list:
            return self._scalar(ref)
        index = self._index(ref)
        if self._state[index] != 2:
            self._build(index)
        return self.objects[index]

    def restore(self, changes):
        """Writes into objects of the request what became of them."""
        if type(changes) is not list:
            raise LinkError("changes that are no list")
        for change in changes:
            if type(change) is not list or len(change) != 2:
                raise LinkError("a change that is none")
            index, entry = change
            if type(index) is not int or not 0 <= index < self.base:
                raise LinkError("a change of nothing")
            tag, items = self._open(entry)
            value = self.objects[index]
            restore = _RESTORE.get(tag)
            if restore is None or not self._peer.same_kind(tag, value, items):
                raise LinkError("a change of another kind")
            restore(self._peer, value, [self.value(item) for item in items])

    def all(self):
        for index in range(self.base, len(self.objects)):
            if self._state[index] != 2:
                self._build(index)
        return self.objects

    def _scalar(self, value):
        kind = type(value)
        if kind in _SCALARS:
            return value
        raise LinkError("a value that is none")

    def _index(self, ref):
        if len(ref) != 1 or type(ref[0]) is not int or not 0 <= ref[0] < len(self.objects):
            raise LinkError("a reference to nothing")
        return ref[0]

    def _open(self, entry):
        if type(entry) is not list or not entry or type(entry[0]) is not str:
            raise LinkError("an object without a kind")
        return entry[0], entry[1:]

    def _build(self, first):
        state, objects, stack = self._state, self.objects, [first]
        while stack:
            index = stack[-1]
            if state[index] == 2:
                stack.pop()
                continue
            tag, items = self._open(self.entries[index - self.base])
            if state[index] == 0:
                state[index] = 1
                shell = _SHELLS.get(tag)
                if shell is not None:
                    objects[index] = shell(self._peer, items)
                elif tag not in _BUILD:
                    raise LinkError("an object of an unknown kind")
                if _SCALARS.issuperset(map(type, items)):
                    continue
                for item in items:
                    if type(item) is list and state[self._index(item)] == 0:
                        stack.append(item[0])
                continue
            stack.pop()
            values = items if _SCALARS.issuperset(map(type, items)) else [self._ready(item) for item in items]
            if tag in _SHELLS:
                _FILL[tag](self._peer, objects[index], values)
            else:
                objects[index] = _BUILD[tag](self._peer, values)
            state[index] = 2

    def _ready(self, item):
        if type(item) is not list:
            return self._scalar(item)
        value = self.objects[item[0]]
        if value is _MISSING:
            raise LinkError("a value that cannot contain itself")
        return value
