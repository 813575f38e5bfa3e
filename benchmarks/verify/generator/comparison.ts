/** Python: how published tests compare a result, read from their syntax tree. */
export const COMPARISON: string = `

def mentions(node, name):
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))


def is_call(node, name):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def form(test, name):
    """How an assertion judges a result: "equal", "tuple" or "truth"; None: in another way."""
    if is_call(test, name):
        return "truth"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and is_call(test.operand, name):
        return "truth"
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or mentions(test.comparators[0], name):
        return None
    left, operator = test.left, test.ops[0]
    if isinstance(operator, (ast.Eq, ast.Is)):
        if is_call(left, name):
            return "equal"
        if is_call(left, "tuple") and len(left.args) == 1 and is_call(left.args[0], name):
            return "tuple"
    if isinstance(operator, ast.Lt) and is_call(left, "abs") and isinstance(left.args[0], ast.BinOp):
        inner = left.args[0]
        if isinstance(inner.op, ast.Sub) and is_call(inner.left, name) and not mentions(inner.right, name):
            return "equal"
    return None


def comparison_of(check):
    name = check.args.args[0].arg
    asserts = [one for one in ast.walk(check) if isinstance(one, ast.Assert) and mentions(one.test, name)]
    count = lambda tree: sum(isinstance(one, ast.Name) and one.id == name for one in ast.walk(tree))
    judged = sum(count(one.test) + (count(one.msg) if one.msg else 0) for one in asserts)
    forms = {form(one.test, name) for one in asserts}
    if count(check) != judged or None in forms or not forms:
        return None
    return "truth" if forms == {"truth"} else "tuple" if "tuple" in forms else "equal"
`;
