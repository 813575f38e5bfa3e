class CycleError(ValueError):
    def __init__(self, cycle):
        super().__init__("cycle: " + ", ".join(cycle))
        self.cycle = cycle


def build_order(depends_on):
    left = {name: set(names) for name, names in depends_on.items()}
    for names in list(left.values()):
        for name in names:
            left.setdefault(name, set())
    order = []
    while left:
        ready = sorted(name for name, names in left.items() if not names)
        if not ready:
            raise CycleError(sorted(left))
        name = ready[0]
        del left[name]
        for names in left.values():
            names.delete(name)
        order.append(name)
    return order
