import heapq


class CycleError(ValueError):
    def __init__(self, cycle):
        super().__init__("there is a cycle")
        self.cycle = cycle


def build_order(depends_on):
    targets = set(depends_on)
    for needed in depends_on.values():
        targets.update(needed)
    missing = {target: len(depends_on.get(target, [])) for target in targets}
    dependents = {target: [] for target in targets}
    for target, needed in depends_on.items():
        for need in needed:
            dependents[need].append(target)
    ready = [target for target in targets if missing[target] == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        target = heapq.heappop(ready)
        order.append(target)
        for dependent in dependents[target]:
            missing[dependent] -= 1
            if missing[dependent] == 0:
                heapq.heappush(ready, dependent)
    if len(order) != len(targets):
        raise CycleError(sorted(targets - set(order)))
    return order
