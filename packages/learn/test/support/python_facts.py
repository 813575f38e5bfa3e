"""Reads {"text": ...} a line, writes the syntax facts of that Python text a line, by Python's own parser and symbol table."""
import ast
import builtins
import json
import symtable
import sys
import warnings

warnings.simplefilter("ignore")
SUPPLIED = set(dir(builtins)) | {"__file__", "__name__", "__doc__", "__builtins__", "__path__", "__annotations__"}


def tables(table):
    yield table
    for child in table.get_children():
        yield from tables(child)


def facts(text):
    try:
        tree = ast.parse(text)
        top = symtable.symtable(text, "candidate", "exec")
    except (SyntaxError, ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
        where = {"line": line, "column": column, "text": (getattr(error, "text", None) or "").strip()}
        return {"ok": False, "error": where, "undefinedNames": [], "definitions": []}
    definitions = [
        node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)):
        return {"ok": True, "undefinedNames": [], "definitions": definitions}
    known, wanted = set(SUPPLIED), set()
    for table in tables(top):
        for symbol in table.get_symbols():
            is_top = table is top
            if (is_top or symbol.is_global()) and (symbol.is_assigned() or symbol.is_imported()):
                known.add(symbol.get_name())
            if symbol.is_referenced() and (is_top or symbol.is_global()):
                wanted.add(symbol.get_name())
    missing = wanted - known
    lines = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in missing:
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    names = [{"name": name, "line": line} for name, line in sorted(lines.items(), key=lambda item: (item[1], item[0]))]
    return {"ok": True, "undefinedNames": names, "definitions": definitions}


for row in sys.stdin:
    print(json.dumps(facts(json.loads(row)["text"])), flush=True)
