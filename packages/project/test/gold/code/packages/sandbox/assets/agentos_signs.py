"""Signs in the text of tests, read before anything of the candidate runs.

What the candidate does decides nothing here: it must not be able to choose the weaker kind of judgement.
"""

import ast

# Modules whose use means that tests and candidate share a process: files, streams, threads, the state of the interpreter.
_SHARED_MODULES = frozenset(
    "tempfile shutil glob fileinput subprocess multiprocessing threading concurrent queue signal socket"
    " socketserver selectors sqlite3 shelve dbm mmap fcntl resource faulthandler tracemalloc gc weakref"
    " pickle copyreg importlib runpy pkgutil ast dis tokenize linecache code symtable logging warnings locale"
    " dataclasses contextvars atexit sched pytest hypothesis doctest cProfile profile timeit trace pdb builtins ctypes".split()
)
_SHARED_NAMES = frozenset(
    "open input exec eval compile globals vars breakpoint redirect_stdout redirect_stderr capsys capfd monkeypatch tmp_path"
    " caplog assertLogs assertNoLogs assertWarns assertWarnsRegex getsource getsourcelines getsourcefile getfile getmodule"
    " stack currentframe getmembers getmro isabstract freeze_time reload chdir environ getenv putenv StringIO".split()
)
_SHARED_ATTRIBUTES = {
    "sys": frozenset(
        "stdin stdout stderr argv path modules setrecursionlimit settrace setprofile getrefcount getsizeof exc_info"
        " _getframe exit displayhook excepthook".split()
    ),
    "random": frozenset(("seed", "setstate", "getstate")),
    "decimal": frozenset(("getcontext", "setcontext", "localcontext")),
    "asyncio": frozenset(
        "gather create_task ensure_future wait wait_for as_completed TaskGroup Queue Lock Event Semaphore Condition"
        " get_event_loop get_running_loop new_event_loop set_event_loop to_thread shield timeout all_tasks".split()
    ),
    "time": frozenset(("tzset",)),
    "os": None,
    "io": None,
    "pathlib": frozenset(),
}
_FILES = frozenset("read_text write_text read_bytes write_bytes mkdir unlink touch rmdir exists is_file is_dir iterdir".split())


def unseparable(tree, is_candidate):
    """Why a test's tree needs the candidate in its own process; None when it does not."""
    imported = {}
    candidate = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                top = name.name.split(".")[0]
                if is_candidate(name.name):
                    candidate.add(name.asname or top)
                    continue
                imported[name.asname or top] = top
                reason = _module_reason(top)
                if reason:
                    return reason
        elif isinstance(node, ast.ImportFrom):
            if node.level or is_candidate(node.module or ""):
                candidate.update(name.asname or name.name for name in node.names)
                continue
            top = (node.module or "").split(".")[0]
            for name in node.names:
                shared = _SHARED_ATTRIBUTES.get(top, frozenset())
                if is_candidate("%s.%s" % (node.module, name.name)):
                    candidate.add(name.asname or name.name)
                elif _module_reason(top) or shared is None or name.name in shared or name.name in _SHARED_NAMES:
                    return "it uses %s.%s" % (node.module, name.name)
                imported[name.asname or name.name] = top
    for node in ast.walk(tree):
        reason = _node_reason(node, imported, candidate, is_candidate)
        if reason:
            return reason
    return None


def _module_reason(top):
    if top in _SHARED_MODULES or _SHARED_ATTRIBUTES.get(top, ()) is None:
        return "it uses the module %s" % top
    return None


def _node_reason(node, imported, candidate, is_candidate):
    if isinstance(node, ast.Attribute):
        owner = node.value
        if isinstance(owner, ast.Name) and owner.id in imported:
            shared = _SHARED_ATTRIBUTES.get(imported[owner.id])
            if shared is not None and node.attr in shared:
                return "it uses %s.%s" % (owner.id, node.attr)
        if node.attr in _SHARED_NAMES and not (isinstance(owner, ast.Name) and owner.id in candidate):
            if node.attr not in ("open", "input", "compile", "stack", "environ", "exec", "eval", "vars", "globals"):
                return "it uses %s" % node.attr
        if node.attr in _FILES and "pathlib" in imported.values():
            return "it uses files"
    elif isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id in _SHARED_NAMES and node.id not in candidate:
            return "it uses %s" % node.id
    elif isinstance(node, ast.ClassDef):
        for base in node.bases:
            if _root_name(base) in candidate:
                return "the class %s extends one of the candidate's" % node.name
        for keyword in node.keywords:
            if keyword.arg == "metaclass" and _root_name(keyword.value) in candidate:
                return "the class %s has a metaclass of the candidate's" % node.name
    elif isinstance(node, ast.Call):
        return _patch_reason(node, candidate, is_candidate)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call):
                reason = _patch_reason(decorator, candidate, is_candidate)
                if reason:
                    return reason
    return None


def _patch_reason(call, candidate, is_candidate):
    """Replacing something of a module that is not the candidate's would change nothing for the candidate."""
    name = _dotted(call.func)
    if name is None or not name.endswith(("patch", "patch.object", "patch.dict", "patch.multiple")) or not call.args:
        return None
    target = call.args[0]
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        parts = target.value.split(".")
        if any(is_candidate(".".join(parts[:end])) for end in range(len(parts), 0, -1)):
            return None
    elif _root_name(target) in candidate and not name.endswith("dict"):
        return None
    elif name.endswith("patch.object") and isinstance(target, ast.Name) and target.id == "self":
        return None
    return "it replaces what the candidate does not import from itself"


def _root_name(node):
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def names_of(tree):
    """Names that a text uses, and those that it defines on its top level."""
    used, defined = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.append(node.id)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            defined.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            defined.update((name.asname or name.name).split(".")[0] for name in node.names)
    return list(dict.fromkeys(used)), defined
