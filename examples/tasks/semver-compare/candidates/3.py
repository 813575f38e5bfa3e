import re

NUMBER = r"(?:0|[1-9]\d*)"
PART = rf"(?:{NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(
    rf"({NUMBER})\.({NUMBER})\.({NUMBER})(?:-({PART}(?:\.{PART})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
COMPARATOR = re.compile(r"(>=|<=|>|<|=|\^)?(.+)")


def _sort_key(version):
    match = VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"invalid version: {version!r}")
    release = tuple(int(match.group(i)) for i in (1, 2, 3))
    if match.group(4) is None:
        return release, (1,)
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in match.group(4).split("."))
    return release, (0, parts)


def compare(a, b):
    left, right = _sort_key(a), _sort_key(b)
    return (left > right) - (left < right)


def satisfies(version, range):
    return all(_matches(version, comparator) for comparator in range.split())


def _matches(version, comparator):
    operator, limit_text = COMPARATOR.fullmatch(comparator).groups()
    sign = compare(version, limit_text)
    if operator == "^":
        major, minor, patch = _sort_key(limit_text)[0]
        if major > 0:
            limit = f"{major + 1}.0.0-0"
        elif minor > 0:
            limit = f"0.{minor + 1}.0-0"
        else:
            limit = f"0.0.{patch + 1}-0"
        return sign >= 0 and compare(version, limit) < 0
    return {
        ">=": sign >= 0,
        "<=": sign <= 0,
        ">": sign > 0,
        "<": sign < 0,
    }.get(operator, sign == 0)
