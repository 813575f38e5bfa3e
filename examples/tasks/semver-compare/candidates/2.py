import re

NUMBER = r"(?:0|[1-9]\d*)"
PART = rf"(?:{NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(
    rf"({NUMBER})\.({NUMBER})\.({NUMBER})(?:-({PART}(?:\.{PART})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
COMPARATOR = re.compile(r"(>=|<=|>|<|=|\^)?(.+)")


def _key(version):
    match = VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"not a version: {version!r}")
    numbers = tuple(int(match.group(i)) for i in (1, 2, 3))
    if match.group(4) is None:
        return numbers, (1,)
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in match.group(4).split("."))
    return numbers, (0, parts)


def compare(a, b):
    left, right = _key(a), _key(b)
    return (left > right) - (left < right)


def satisfies(version, range):
    return all(_holds(version, comparator) for comparator in range.split())


def _holds(version, comparator):
    operator, bound = COMPARATOR.fullmatch(comparator).groups()
    order = compare(version, bound)
    if operator == "^":
        major, minor, patch = _key(bound)[0]
        if major > 0:
            limit = f"{major + 1}.0.0-0"
        elif minor > 0:
            limit = f"0.{minor + 1}.0-0"
        else:
            limit = f"0.0.{patch + 1}-0"
        return order >= 0 and compare(version, limit) < 0
    return {
        ">=": order >= 0,
        "<=": order <= 0,
        ">": order > 0,
        "<": order < 0,
    }.get(operator, order == 0)
