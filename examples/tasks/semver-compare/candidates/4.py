import re

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")


def _key(version):
    match = VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"not a version: {version!r}")
    numbers = tuple(int(match.group(i)) for i in (1, 2, 3))
    pre = match.group(4)
    return (*numbers, pre is None, pre or "")


def compare(a, b):
    left, right = _key(a), _key(b)
    return (left > right) - (left < right)


def satisfies(version, range):
    return all(_holds(version, comparator) for comparator in range.split())


def _holds(version, comparator):
    operator, bound = re.fullmatch(r"(>=|<=|>|<|=|\^)?(.+)", comparator).groups()
    order = compare(version, bound)
    if operator == "^":
        low, high = _key(bound)[:3], _key(version)[:3]
        fixed = 1 if low[0] else 2 if low[1] else 3
        return order >= 0 and low[:fixed] == high[:fixed]
    return {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0}.get(operator, order == 0)
