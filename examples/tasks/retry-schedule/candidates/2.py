def delays(attempts, base, factor=2.0, cap=None, jitter=0.0, random=None):
    if attempts < 1 or base < 0 or factor < 1:
        raise ValueError("attempts must be >= 1, base >= 0, factor >= 1")
    if cap is not None and cap < 0:
        raise ValueError("cap must be >= 0")
    if not 0 <= jitter <= 1:
        raise ValueError("jitter must be between 0 and 1")
    if jitter > 0 and random is None:
        raise ValueError("jitter needs random")
    waits = []
    for n in range(attempts - 1):
        wait = base * factor**n
        if cap is not None:
            wait = min(wait, cap)
        if jitter > 0:
            wait *= 1 - jitter * random()
        waits.append(wait)
    return waits
