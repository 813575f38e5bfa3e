"""Waits in a sandbox that was started ahead, gets its files, and becomes the program that they are for.

Started as `warm.py program|tests|judge|candidate [known]`; a job that is "known" is there already. It says "ready" on
descriptor 3 and reads its job from descriptor 4: a length of four bytes, little endian; a head as JSON; then the bytes of
the files, one after another. When it has all of them, it says "begun".

    head    {"files": [[path, size]], "links": [[path, target]], "script": path, "arguments": [...], "channel": bool}
"""

import builtins
import json
import os
import signal
import sys


def _read(size):
    parts = []
    while size > 0:
        part = os.read(4, min(size, 1 << 20))
        if not part:
            # The host gave this sandbox up.
            os._exit(0)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _receive():
    head = json.loads(_read(int.from_bytes(_read(4), "little")))
    for path, size in head["files"]:
        os.makedirs(os.path.dirname("/" + path), exist_ok=True)
        with open("/" + path, "wb") as file:
            file.write(_read(size))
    for path, target in head["links"]:
        os.makedirs(os.path.dirname("/" + path), exist_ok=True)
        os.symlink(target, "/" + path)
    os.close(4)
    os.write(3, b"begun\n")
    if not head["channel"]:
        os.close(3)
    return head


def _compile(path):
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def _own(name):
    """The code of a file beside this one, which may have been compiled ahead."""
    return type(__loader__)("__main__", name).get_code("__main__")


def _become(script, arguments, code):
    """What `python3 script` does, in this process."""
    main = type(sys)("__main__")
    main.__file__ = script
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    # Its name is relative, as it was given; __file__ is not.
    sys.argv[:] = [os.path.relpath(script, "/work") if script.startswith("/work/") else script] + arguments
    sys.path[0] = os.path.dirname(script)
    try:
        exec(code or _compile(script), main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        # Without the frames of this file, which are the first ones.
        trace = error.__traceback__.tb_next
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        if isinstance(error, KeyboardInterrupt):
            # As the interpreter itself does.
            sys.stdout.flush()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        sys.exit(1)


def _main():
    code = {}
    kind = sys.argv[1]
    waits = sys.argv[2:] != ["known"]
    if kind in ("tests", "judge") and waits:
        import ast, time, traceback, types, unittest  # noqa: E401, F401
        import agentos_detect  # noqa: F401
    if kind == "judge" and waits:
        import agentos_judge, agentos_signs, agentos_waiting, separate  # noqa: E401, F401
    if kind == "candidate" and waits:
        import agentos_link, agentos_standins, agentos_values, agentos_waiting  # noqa: E401, F401
    for name in {"tests": ("harness.py",), "judge": ("harness.py",), "candidate": ("separate.py",)}.get(kind, ()):
        path = os.path.join(os.path.dirname(__file__), name)
        code[path] = _own(path)
    os.write(3, b"ready\n")
    head = _receive()
    script = head["script"]
    _become(script, head["arguments"], code.get(script))


_main()
