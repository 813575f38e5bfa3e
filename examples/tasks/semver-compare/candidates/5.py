ALLOWED = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-")


def _number(text):
    if not (text.isascii() and text.isdigit()) or (len(text) > 1 and text[0] == "0"):
        raise ValueError(f"not a version number: {text!r}")
    return int(text)


def _identifier(text):
    if text == "" or not set(text) <= ALLOWED:
        raise ValueError(f"not an identifier: {text!r}")
    return _number(text) if text.isdigit() else text


def _parse(version):
    main, plus, build = version.partition("+")
    if plus and not all(part and set(part) <= ALLOWED for part in build.split(".")):
        raise ValueError(f"bad build metadata: {version!r}")
    core, dash, pre = main.partition("-")
    numbers = [_number(part) for part in core.split(".")]
    if len(numbers) != 3:
        raise ValueError(f"not a version: {version!r}")
    return numbers, [_identifier(part) for part in pre.split(".")] if dash else None


def _sign(left, right):
    return (left > right) - (left < right)


def compare(a, b):
    (numbers_a, pre_a), (numbers_b, pre_b) = _parse(a), _parse(b)
    if numbers_a != numbers_b:
        return _sign(numbers_a, numbers_b)
    if pre_a is None or pre_b is None:
        return _sign(pre_a is None, pre_b is None)
    for x, y in zip(pre_a, pre_b):
        if x == y:
            continue
        if isinstance(x, int) == isinstance(y, int):
            return _sign(x, y)
        return -1 if isinstance(x, int) else 1
    return _sign(len(pre_a), len(pre_b))


def satisfies(version, range):
    for comparator in range.split():
        bound = comparator.lstrip("<>=^")
        operator = comparator[: len(comparator) - len(bound)] or "="
        order = compare(version, bound)
        if operator == "^":
            have, want = _parse(version)[0], _parse(bound)[0]
            fixed = next((i for i in (0, 1) if want[i] > 0), 2)
            if order < 0 or have[: fixed + 1] != want[: fixed + 1]:
                return False
        elif order not in {">=": (0, 1), ">": (1,), "<=": (-1, 0), "<": (-1,), "=": (0,)}[operator]:
            return False
    return True
