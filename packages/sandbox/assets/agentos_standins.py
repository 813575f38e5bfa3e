"""Objects that stand for an object of the other half of a separated verdict.

On the judge's side they are strict: no answer of the candidate makes one of them match a value that the tests expect.
A stand-in never equals data, and is not ordered or reckoned with data; only one that the tests made themselves, by calling
a class of the candidate under a capitalised name, may be. What a candidate can decide is what its own objects say of
themselves: their text, their length, what they hold, and whether two of them are equal.
"""

import types

_object_get, _object_set = object.__getattribute__, object.__setattr__
_TYPES = {
    "function": types.FunctionType,
    "method": types.MethodType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "generator": types.GeneratorType,
    "coroutine": types.CoroutineType,
    "async_generator": types.AsyncGeneratorType,
    "module": types.ModuleType,
    "property": property,
}
_BUILTINS = {kind.__name__: kind for kind in (int, str, float, list, dict, tuple, set, frozenset, bytes, bytearray, complex)}
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_REFLECTED = "add sub mul truediv floordiv mod divmod pow lshift rshift and xor or matmul".split()
_BINARY = frozenset(
    ["__%s__" % name for name in _REFLECTED]
    + ["__r%s__" % name for name in _REFLECTED]
    + ["__i%s__" % name for name in _REFLECTED if name != "divmod"]
)
_RESULTS = {
    "__len__": int,
    "__hash__": int,
    "__bool__": bool,
    "__str__": str,
    "__repr__": str,
    "__format__": str,
    "__bytes__": bytes,
    "__int__": int,
    "__index__": int,
    "__float__": float,
    "__complex__": complex,
    "__contains__": bool,
}


# Frameworks of tests, whose exceptions end a test as failed, passed or skipped.
FRAMEWORKS = frozenset(("unittest", "_pytest", "pytest"))


def _is_standin(value):
    return type(type(value)) is StandinType


class StandinType(type):
    """The class of the stand-ins for classes."""

    def __new__(mcs, name, bases, namespace, **options):
        if "_agentos_class" not in namespace and any(type(base) is StandinType for base in bases):
            raise TypeError("A class of the candidate cannot be extended here: %s" % name)
        return type.__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **options):
        type.__init__(cls, name, bases, namespace)

    def __call__(cls, *arguments, **named):
        handle = cls.__dict__.get("_agentos_class")
        if handle is None:
            raise TypeError("cannot be made here")
        peer, number, names = handle
        made = peer.request("new", (cls, *arguments), named)
        # A class that has a name like a function's, too, may be one that only stands for a function.
        if type(made) is cls and names and all(name[:1].isupper() for name in names) and issubclass(cls, Standin):
            peer.made.add(_object_get(made, "_agentos")[1])
        return made

    def __getattr__(cls, name):
        handle = cls.__dict__.get("_agentos_class")
        if handle is None or name.startswith("_agentos"):
            raise AttributeError(name)
        return _answered(handle[0].request("get", (cls, name)))

    def __setattr__(cls, name, value):
        handle = cls.__dict__.get("_agentos_class")
        if handle is None or name.startswith("_agentos") or name in ("__abstractmethods__",):
            return type.__setattr__(cls, name, value)
        handle[0].request("set", (cls, name, value))

    def __delattr__(cls, name):
        handle = cls.__dict__.get("_agentos_class")
        if handle is None:
            return type.__delattr__(cls, name)
        handle[0].request("del", (cls, name))

    def __dir__(cls):
        handle = cls.__dict__.get("_agentos_class")
        return type.__dir__(cls) if handle is None else handle[0].request("dir", (cls,))

    def __instancecheck__(cls, value):
        if type.__instancecheck__(cls, value):
            return True
        made = cls.__dict__.get("_agentos_tuple")
        return made is not None and type(value) is made

    def __iter__(cls):
        return iter(cls._agentos_special("__iter__"))

    def __len__(cls):
        return _checked("__len__", cls._agentos_special("__len__"))

    def __getitem__(cls, key):
        return cls._agentos_special("__getitem__", key)

    def __contains__(cls, key):
        return _checked("__contains__", cls._agentos_special("__contains__", key))

    def __bool__(cls):
        return True

    def _agentos_special(cls, name, *arguments):
        handle = cls.__dict__.get("_agentos_class")
        if handle is None:
            raise TypeError(name)
        return _answered(handle[0].request("special", (cls, name, *arguments)))


def _checked(name, value):
    wanted = _RESULTS.get(name)
    if wanted is not None and type(value) is not wanted:
        raise TypeError("%s should return %s" % (name, wanted.__name__))
    return value


class Standin(metaclass=StandinType):
    """What every stand-in is. Its peer and handle are the only things that it holds itself."""

    __slots__ = ("_agentos", "__weakref__")

    def __getattr__(self, name):
        if name.startswith("_agentos"):
            raise AttributeError(name)
        if name == "__signature__":
            return _object_get(self, "_agentos")[0].signature(self)
        return _answered(_object_get(self, "_agentos")[0].request("get", (self, name)))

    def __setattr__(self, name, value):
        _object_get(self, "_agentos")[0].request("set", (self, name, value))

    def __delattr__(self, name):
        _object_get(self, "_agentos")[0].request("del", (self, name))

    def __dir__(self):
        return _object_get(self, "_agentos")[0].request("dir", (self,))

    @property
    def __class__(self):
        known = type(self).__dict__.get("_agentos_real")
        return type(self) if known is None else known

    @property
    def __doc__(self):
        return _object_get(self, "_agentos")[0].request("get", (self, "__doc__"))

    @property
    def __module__(self):
        return _object_get(self, "_agentos")[0].request("get", (self, "__module__"))

    @property
    def __dict__(self):
        return _object_get(self, "_agentos")[0].request("get", (self, "__dict__"))

    def __copy__(self):
        return _object_get(self, "_agentos")[0].request("copy", (self,))

    def __deepcopy__(self, memo):
        return _object_get(self, "_agentos")[0].request("deepcopy", (self,))

    def __reduce_ex__(self, protocol):
        raise TypeError("An object of the candidate cannot be pickled here.")

    def __str__(self):
        return _checked("__str__", _special(self, "__str__"))

    def __repr__(self):
        return _checked("__repr__", _special(self, "__repr__"))

    def __format__(self, spec):
        return _checked("__format__", _special(self, "__format__", spec))


def _special(self, name, *arguments):
    return _object_get(self, "_agentos")[0].request("special", (self, name, *arguments))


def _answered(value):
    """An object that the candidate answers with is no longer one that the tests made: it may stand where data is expected."""
    if _is_standin(value) and isinstance(value, Standin):
        peer, handle = _object_get(value, "_agentos")
        peer.made.discard(handle)
    return value


def _forward(name):
    if name == "__call__":

        def forward(self, *arguments, **named):
            return _answered(_object_get(self, "_agentos")[0].request("call", (self, *arguments), named))

    elif name == "__next__":

        def forward(self):
            return _answered(_special(self, name))

    elif name == "__await__":

        def forward(self):
            return _Waiting(self)

    elif name == "__exit__":

        def forward(self, kind, error, trace):
            return bool(_special(self, name, kind, error, None)) and not _is_failure(error)

    elif name == "__aexit__":

        def forward(self, kind, error, trace):
            return _leave(_special(self, name, kind, error, None), error)

    elif name in ("__enter__", "__aenter__"):

        def forward(self):
            return _special(self, name)

    elif name in _RESULTS:

        def forward(self, *arguments):
            return _checked(name, _special(self, name, *arguments))

    else:

        def forward(self, *arguments):
            return _answered(_special(self, name, *arguments))

    forward.__name__ = name
    return forward


def _is_failure(error):
    """Whether a test failed with it. The candidate never takes that back."""
    return isinstance(error, AssertionError) or type(error).__module__.split(".")[0] in FRAMEWORKS


async def _leave(leaving, error):
    return bool(await leaving) and not _is_failure(error)


class _Waiting:
    """Waits for an awaitable of the other side: it is run to its end there."""

    __slots__ = ("_awaitable", "_done")

    def __init__(self, awaitable):
        self._awaitable = awaitable
        self._done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self._done:
            raise StopIteration
        self._done = True
        raise StopIteration(_answered(_object_get(self._awaitable, "_agentos")[0].request("await", (self._awaitable,))))

    send = throw = close = None


def _send_coroutine(self, value):
    raise StopIteration(_answered(_object_get(self, "_agentos")[0].request("await", (self,))))


def _strict_equal(base):
    plain = _BUILTINS.get(base)

    def equal(self, other):
        if self is other:
            return True
        peer = _object_get(self, "_agentos")[0]
        if _is_standin(other):
            return peer.request("eq", (self, other)) is True
        if plain is not None and not isinstance(other, type):
            value = peer.request("plain", (self,))
            return type(value) is plain and value == other
        return False

    return equal


def _unequal(self, other):
    return not self == other


def _was_made(self):
    peer, handle = _object_get(self, "_agentos")
    return handle in peer.made


def _strict_order(name):
    def order(self, other):
        if not _is_standin(other) and not _was_made(self):
            return NotImplemented
        answer = _special(self, name, other)
        if answer is not NotImplemented and type(answer) is not bool:
            return bool(answer)
        return answer

    order.__name__ = name
    return order


def _strict_binary(name):
    def reckon(self, other, *rest):
        made = _was_made(self)
        if not _is_standin(other) and not made:
            return NotImplemented
        answer = _special(self, name, other, *rest)
        if (made or (_is_standin(other) and _was_made(other))) and type(answer) is type(self):
            peer, handle = _object_get(answer, "_agentos")
            peer.made.add(handle)
        return answer

    reckon.__name__ = name
    return reckon


def _strict_contains(iterable):
    def contains(self, item):
        if _was_made(self) or _is_standin(item):
            return _checked("__contains__", _special(self, "__contains__", item))
        if not iterable:
            raise TypeError("argument of type '%s' is not iterable" % type(self).__name__)
        return any(item is each or item == each for each in self)

    return contains


def make_class(peer, handle, described, bases, names, base, hashable):
    """A stand-in class for a class of the other side."""
    name, qualname, module, doc = described
    own = tuple(kind for kind in bases if type(kind) is StandinType and issubclass(kind, Standin))
    namespace = {
        "__slots__": (),
        "__qualname__": qualname,
        "__module__": module,
        "__doc__": doc,
        "_agentos_class": (peer, handle, set()),
    }
    real = _TYPES.get(name) if module == "builtins" else None
    if real is not None:
        # Functions have a module and a text of their own.
        namespace.update(_agentos_real=real, __module__=Standin.__dict__["__module__"], __doc__=Standin.__dict__["__doc__"])
    for special in names:
        if special not in ("__str__", "__repr__", "__format__", "__hash__", "__eq__", "__ne__"):
            namespace[special] = _forward(special)
    if "__await__" in names:
        namespace["send"] = _send_coroutine
    if peer.judge:
        if "__eq__" in names:
            namespace["__eq__"], namespace["__ne__"] = _strict_equal(base), _unequal
        for special in names:
            if special in _ORDER:
                namespace[special] = _strict_order(special)
            elif special in _BINARY:
                namespace[special] = _strict_binary(special)
        if "__contains__" in names:
            namespace["__contains__"] = _strict_contains("__iter__" in names or "__getitem__" in names)
    else:
        for special in ("__eq__", "__ne__"):
            if special in names:
                namespace[special] = _forward(special)
    if not hashable:
        namespace["__hash__"] = None
    elif "__hash__" in names:
        namespace["__hash__"] = _forward("__hash__")
    elif "__eq__" in namespace:
        namespace["__hash__"] = object.__hash__
    try:
        return StandinType(name, own or (Standin,), namespace)
    except TypeError:
        # An order of bases that needs the ones that were left out.
        return StandinType(name, (Standin,), namespace)


def make_exception(peer, handle, described, bases):
    """A class of errors for a class of errors of the other side, below the same builtin ones."""
    name, qualname, module, doc = described
    own = tuple(kind for kind in bases if issubclass(kind, BaseException))
    namespace = {
        "__qualname__": qualname,
        "__module__": module,
        "__doc__": doc,
        "_agentos_class": (peer, handle, set()),
        "_agentos": None,
        "_agentos_text": None,
        "__str__": _error_text,
        "__getattr__": _error_attribute,
    }
    try:
        return StandinType(name, own or (Exception,), namespace)
    except TypeError:
        return StandinType(name, (Exception,), namespace)


def _error_text(self):
    text = _object_get(self, "_agentos_text")
    return BaseException.__str__(self) if text is None else text


def _error_attribute(self, name):
    owned = _object_get(self, "_agentos")
    if owned is None or name.startswith(("_agentos", "__")):
        raise AttributeError(name)
    return owned[0].request("get", (self, name))



