def build_order(depends_on):
    result = []
    finished = set()
    visiting = set()

    def visit(target):
        if target in finished:
            return
        if target in visiting:
            raise ValueError(f"cycle at {target}")
        visiting.add(target)
        for needed in sorted(depends_on.get(target, [])):
            visit(needed)
        finished.add(target)
        result.append(target)

    for target in sorted(depends_on):
        visit(target)
    return result
