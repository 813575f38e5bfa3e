import heapq


class CycleError(ValueError):
    def __init__(self, cycle):
        super().__init__("dependency cycle")
        self.cycle = cycle


def build_order(depends_on):
    names = set(depends_on)
    for dependencies in depends_on.values():
        names.update(dependencies)
    count = {name: len(depends_on.get(name, [])) for name in names}
    users = {name: [] for name in names}
    for name, dependencies in depends_on.items():
        for dependency in dependencies:
            users[dependency].append(name)
    ready = [name for name in names if count[name] == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        name = heapq.heappop(ready)
        order.append(name)
        for user in users[name]:
            count[user] -= 1
            if count[user] == 0:
                heapq.heappush(ready, user)
    if len(order) != len(names):
        raise CycleError(sorted(names - set(order)))
    return order
