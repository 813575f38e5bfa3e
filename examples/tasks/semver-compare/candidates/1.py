def parse(version):
    return tuple(int(part) for part in version.split("-")[0].split("."))


def compare(a, b):
    left, right = parse(a), parse(b)
    if left < right:
        return -1
    return 1 if left > right else 0


def satisfies(version, range):
    for part in range.split():
        if part.startswith(">="):
            ok = compare(version, part[2:]) >= 0
        elif part.startswith("<="):
            ok = compare(version, part[2:]) <= 0
        elif part.startswith(">"):
            ok = compare(version, part[1:]) > 0
        elif part.startswith("<"):
            ok = compare(version, part[1:]) < 0
        elif part.startswith("^"):
            ok = compare(version, part[1:]) >= 0 and parse(version)[0] == parse(part[1:])[0]
        else:
            ok = compare(version, part.lstrip("=")) == 0
        if not ok:
            return False
    return True
