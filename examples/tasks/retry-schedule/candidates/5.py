def delays(attempts, base, factor=2.0, cap=None, jitter=0.0, random=None):
    if attempts < 1:
        raise ValueError("attempts must be at least 1")
    if base < 0 or factor < 1:
        raise ValueError("base must not be negative and factor must be at least 1")
    if cap is not None and cap < 0:
        raise ValueError("cap must not be negative")
    if not 0 <= jitter <= 1:
        raise ValueError("jitter must be within 0 and 1")
    if jitter > 0 and random is None:
        raise ValueError("random is missing")

    result = []
    delay = base
    for _ in range(attempts - 1):
        if cap is not None:
            delay = min(delay, cap)
        result.append(delay * (1 - jitter * random()) if jitter > 0 else delay)
        delay *= factor
    return result
