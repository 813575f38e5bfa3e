def delays(attempts, base, factor=2.0, cap=None, jitter=0.0, random=None):
    if attempts < 1:
        raise ValueError("attempts must be positive")
    result = []
    delay = base
    for _ in range(attempts):
        result.append(delay)
        delay = delay * factor
        if cap is not None and delay > cap:
            delay = cap
    return result
