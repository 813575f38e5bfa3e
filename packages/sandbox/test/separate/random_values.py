"""Random nested values, a text that tells any two of them apart, and random changes in place. Both halves have it."""

import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid


class Kind(enum.Enum):
    ONE = 1
    TWO = "two"


class Node:
    def __init__(self, value, following=None):
        self.value = value
        self.following = following


class Slotted:
    __slots__ = ("left", "right")


Pair = collections.namedtuple("Pair", "first second")

SCALARS = (
    lambda r: None,
    lambda r: r.random() < 0.5,
    lambda r: r.randint(-5, 5),
    lambda r: r.randint(-(10**40), 10**40),
    lambda r: r.choice((2**62, -(2**62), 2**62 - 1, 2**63, 10**5000)),
    lambda r: r.choice((0.0, -0.0, float("nan"), float("inf"), -float("inf"), 5e-324, 1e308, 0.1)),
    lambda r: r.uniform(-1e9, 1e9),
    lambda r: complex(r.uniform(-1, 1), r.choice((0.0, -0.0, 2.5))),
    lambda r: "".join(chr(r.choice((0, 10, 34, 65, 92, 228, 0x2028, 0xD83D, 0xDE00, 0xDC00, 0x1F600))) for _ in range(r.randint(0, 6))),
    lambda r: bytes(r.randint(0, 255) for _ in range(r.randint(0, 5))),
    lambda r: range(r.randint(-3, 3), r.randint(0, 9), r.choice((1, 2, -1))),
    lambda r: datetime.datetime(2020, 1, r.randint(1, 28), 3, 4, 5, r.randint(0, 999999), fold=r.randint(0, 1)),
    lambda r: datetime.datetime(2021, 2, 3, tzinfo=datetime.timezone(datetime.timedelta(minutes=r.randint(-600, 600)))),
    lambda r: datetime.date(1999, r.randint(1, 12), 3),
    lambda r: datetime.time(r.randint(0, 23), 5),
    lambda r: datetime.timedelta(r.randint(-9, 9), r.randint(0, 99), r.randint(0, 99)),
    lambda r: decimal.Decimal(r.choice(("1.10", "-0", "NaN", "Infinity", "1E+30"))),
    lambda r: fractions.Fraction(r.randint(-9, 9), r.randint(1, 9)),
    lambda r: uuid.UUID(int=r.getrandbits(128)),
    lambda r: pathlib.PurePosixPath("a") / str(r.randint(0, 9)),
    lambda r: r.choice(list(Kind)),
    lambda r: r.choice((int, str, list, ValueError, KeyError)),
    lambda r: Ellipsis,
)


def hashable(r, depth):
    if depth > 0 and r.random() < 0.3:
        items = [hashable(r, depth - 1) for _ in range(r.randint(0, 3))]
        return r.choice((tuple, frozenset))(items)
    while True:
        value = r.choice(SCALARS)(r)
        # A number that is not equal to itself is found in no dictionary.
        if value == value and not (isinstance(value, decimal.Decimal) and value.is_nan()):
            return value


def value(r, depth, made):
    """A random value; `made` holds the containers so far, which it may share or contain itself in."""
    if depth == 0 or r.random() < 0.3:
        return r.choice(SCALARS)(r)
    if made and r.random() < 0.15:
        return r.choice(made)
    many = range(r.randint(0, 4))
    kind = r.randint(0, 13)
    if kind <= 2:
        new = []
        made.append(new)
        new.extend(value(r, depth - 1, made) for _ in many)
    elif kind <= 4:
        new = {}
        made.append(new)
        for _ in many:
            new[hashable(r, depth - 1)] = value(r, depth - 1, made)
    elif kind == 5:
        return tuple(value(r, depth - 1, []) for _ in many)
    elif kind == 6:
        new = {hashable(r, depth - 1) for _ in many}
        made.append(new)
    elif kind == 7:
        new = bytearray(r.randint(0, 255) for _ in many)
        made.append(new)
    elif kind == 8:
        new = collections.deque((value(r, depth - 1, made) for _ in many), r.choice((None, 7)))
    elif kind == 9:
        new = collections.defaultdict(r.choice((int, list, None)))
        for _ in many:
            new[hashable(r, 1)] = value(r, depth - 1, made)
    elif kind == 10:
        new = collections.OrderedDict((hashable(r, 1), value(r, depth - 1, made)) for _ in many)
    elif kind == 11:
        new = collections.Counter(r.choice("abc") for _ in many)
    elif kind == 12:
        return Pair(value(r, depth - 1, []), value(r, depth - 1, []))
    else:
        new = Node(value(r, depth - 1, made)) if r.random() < 0.5 else Slotted()
        made.append(new)
        if type(new) is Node:
            new.following = value(r, depth - 1, made)
        else:
            new.left = value(r, depth - 1, made)
    return new


def shape(root):
    """A text of a value with its types, its order, and what is shared in it."""
    seen = {}

    def walk(item):
        kind = type(item).__name__
        if isinstance(item, (set, frozenset)):
            inner = ",".join(sorted(walk(each) for each in item))
        elif isinstance(item, (list, tuple, dict, collections.deque, Node, Slotted)):
            if not isinstance(item, tuple):
                if id(item) in seen:
                    return "#%d" % seen[id(item)]
                seen[id(item)] = len(seen)
            if isinstance(item, dict):
                inner = ",".join(walk(key) + ":" + walk(each) for key, each in item.items())
                inner += str(getattr(item, "default_factory", ""))
            elif isinstance(item, Node):
                inner = ",".join(name + "=" + walk(each) for name, each in vars(item).items())
            elif isinstance(item, Slotted):
                inner = ",".join(name + "=" + walk(getattr(item, name, "none")) for name in Slotted.__slots__)
            else:
                inner = ",".join(walk(each) for each in item) + str(getattr(item, "maxlen", ""))
        elif kind == "int":
            inner = hex(item)
        elif kind == "str":
            inner = ascii(item)
        else:
            inner = repr(item) + str(getattr(item, "fold", ""))
        return "%s(%s)" % (kind, inner)

    return walk(root)


def containers(root):
    found, todo, seen = [], [root], set()
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, (list, dict, set, bytearray, collections.deque, Node)):
            found.append(item)
        if isinstance(item, (list, tuple, collections.deque)):
            todo.extend(item)
        elif isinstance(item, dict):
            todo.extend(item.values())
        elif isinstance(item, Node):
            todo.extend(vars(item).values())
        elif isinstance(item, Slotted):
            todo.extend(getattr(item, name, None) for name in Slotted.__slots__)
    return found


def mutate(root, r):
    """Changes containers in place. Returns one of them."""
    found = containers(root)
    if not found:
        return None
    for _ in range(r.randint(1, 6)):
        item = r.choice(found)
        new = r.choice((1, "x", [2], r.choice(found)))
        if isinstance(item, (list, collections.deque)):
            if item and r.random() < 0.5:
                item[r.randrange(len(item))] = new
            elif len(item) < 6:
                item.append(new)
        elif isinstance(item, dict):
            if item and r.random() < 0.3:
                del item[next(iter(item))]
            else:
                item[r.choice("abc")] = 1 if isinstance(item, collections.Counter) else new
        elif isinstance(item, set):
            item.add(r.randint(0, 99))
        elif isinstance(item, bytearray):
            item.append(r.randint(0, 255))
        else:
            item.following = new
            item.extra = 1
    return r.choice(found)
