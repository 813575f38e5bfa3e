import operator
import re

NUM = r"(0|[1-9]\d*)"
ID = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
SHAPE = re.compile(rf"{NUM}\.{NUM}\.{NUM}(?:-({ID}(?:\.{ID})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq, "": operator.eq}


def _key(version):
    match = SHAPE.fullmatch(version)
    if not match:
        raise ValueError(f"invalid version: {version!r}")
    major, minor, patch, pre = match.groups()
    numbers = (int(major), int(minor), int(patch))
    if pre is None:
        return numbers, 1, ()
    return numbers, 0, tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in pre.split("."))


def compare(a, b):
    left, right = _key(a), _key(b)
    if left == right:
        return 0
    return -1 if left < right else 1


def satisfies(version, range):
    key = _key(version)
    for comparator in range.split():
        sign, bound = re.fullmatch(r"([<>=^]*)(.*)", comparator).groups()
        low = _key(bound)
        if sign == "^":
            length = 1 if low[0][0] else 2 if low[0][1] else 3
            if key < low or key[0][:length] != low[0][:length]:
                return False
        elif not OPERATORS[sign](key, low):
            return False
    return True
