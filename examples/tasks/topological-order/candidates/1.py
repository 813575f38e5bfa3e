def build_order(depends_on):
    order = []
    done = set()
    active = set()

    def visit(name):
        if name in done:
            return
        if name in active:
            raise ValueError(f"cycle at {name}")
        active.add(name)
        for dependency in sorted(depends_on.get(name, [])):
            visit(dependency)
        done.add(name)
        order.append(name)

    for name in sorted(depends_on):
        visit(name)
    return order
