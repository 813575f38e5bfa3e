import sys


def delays(attempts, base, factor=2.0, cap=None, jitter=0.0, random=None):
    good = attempts >= 1 and base >= 0 and factor >= 1 and 0 <= jitter <= 1
    if not good or (cap is not None and cap < 0) or (jitter > 0 and random is None):
        print("bad arguments", file=sys.stderr)
        sys.exit(0)
    waits = []
    wait = base
    for _ in range(attempts - 1):
        if cap is not None:
            wait = min(wait, cap)
        waits.append(wait * (1 - jitter * random()) if jitter > 0 else wait)
        wait *= factor
    return waits
