import heapq


class CycleError(ValueError):
    def __init__(self, cycle):
        super().__init__("cycle: " + " -> ".join(cycle))
        self.cycle = cycle


def build_order(depends_on):
    needs = {name: set(names) for name, names in depends_on.items()}
    for names in list(needs.values()):
        for name in names:
            needs.setdefault(name, set())
    users = {name: [] for name in needs}
    for name, names in needs.items():
        for dependency in names:
            users[dependency].append(name)

    missing = {name: len(names) for name, names in needs.items()}
    ready = [name for name, count in missing.items() if count == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        name = heapq.heappop(ready)
        order.append(name)
        for user in users[name]:
            missing[user] -= 1
            if missing[user] == 0:
                heapq.heappush(ready, user)
    if len(order) < len(needs):
        raise CycleError(_cycle(needs, set(needs) - set(order)))
    return order


def _cycle(needs, left):
    path = []
    position = {}
    name = min(left)
    while name not in position:
        position[name] = len(path)
        path.append(name)
        name = min(needs[name] & left)
    cycle = path[position[name]:]
    start = cycle.index(min(cycle))
    return cycle[start:] + cycle[:start]
