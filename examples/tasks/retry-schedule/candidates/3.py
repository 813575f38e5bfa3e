def delays(attempts, base, factor=2.0, cap=None, jitter=0.0, random=None):
    result = []
    for i in range(attempts - 1):
        delay = base * factor ** i
        if cap:
            delay = min(delay, cap)
        if jitter:
            delay = delay * (1 - jitter * random())
        result.append(delay)
    return result
