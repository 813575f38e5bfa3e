/**
 * Python code that makes the interpreter fit for runs. It is part of the memory snapshot, so what it imports is there at
 * once in every run.
 */
export const SETUP: string = `
import sys, types

def _agentos_setup(modules):
    import asyncio, json, time

    # Pyodide's own loop belongs to the JavaScript around it. This one is driven by asyncio.run alone.
    class Selector:
        def select(self, timeout):
            if timeout is None:
                raise RuntimeError("The program waits for something that can never happen.")
            if timeout > 0:
                time.sleep(timeout)
            return []

        def close(self):
            pass

    class Loop(asyncio.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = Selector()

        def _process_events(self, events):
            pass

        def _write_to_self(self):
            pass

    class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = Loop

    asyncio.events._set_event_loop_policy(Policy())

    for name, text in json.loads(modules):
        name = "__harness__" if name == "harness" else name
        module = types.ModuleType(name)
        module.__file__ = "<%s>" % name
        sys.modules[name] = module
        exec(compile(text, module.__file__, "exec"), module.__dict__)

    # What programs and their tests import most.
    import abc, array, bisect, collections, contextlib, copy, dataclasses, datetime, decimal, enum, fractions
    import functools, hashlib, heapq, io, itertools, json, math, operator, os, random, re, statistics, string
    import textwrap, time, traceback, typing, unittest, unittest.mock, uuid

    sys.setrecursionlimit(1000)


def _agentos_start():
    import asyncio, random
    # The snapshot holds the state of the moment at which it was made.
    random.seed()
    asyncio._set_running_loop(None)
    sys.stdout.reconfigure(line_buffering=True, errors="replace")
    sys.stderr.reconfigure(line_buffering=True, errors="replace")


def _agentos_end():
    import atexit
    for step in (atexit._run_exitfuncs, sys.stdout.flush, sys.stderr.flush):
        try:
            step()
        except BaseException:
            pass


def _agentos_run(root, entry, arguments):
    """Runs a file as a program. Returns its exit code, and why it does not parse, or ""."""
    import os, traceback
    os.chdir(root)
    path = os.path.join(root, entry)
    sys.argv[:] = [entry, *arguments]
    sys.path[0:0] = [os.path.dirname(path)]
    main = types.ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = __builtins__
    code, problem = 0, ""
    try:
        with open(path, "rb") as source:
            compiled = compile(source.read(), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        problem = "".join(traceback.format_exception_only(error)).replace(root + "/", "").strip()
        print(problem, file=sys.stderr)
        return (1, problem)
    sys.modules["__main__"] = main
    try:
        exec(compiled, main.__dict__)
    except SystemExit as stop:
        if isinstance(stop.code, int) or stop.code is None:
            code = int(stop.code or 0) & 255
        else:
            code = 1
            print(stop.code, file=sys.stderr)
    except BaseException as error:
        code = 1
        try:
            # Without the frame of this function.
            error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
            traceback.print_exception(error)
        except BaseException:
            pass
    _agentos_end()
    return (code, "")


def _agentos_link(send, receive):
    # What ends the link is no text.
    def read():
        text = receive()
        return text if isinstance(text, str) else None

    return (lambda frame: send(frame.decode("ascii"))), read


def _agentos_test(root, plan, report, half, send, receive):
    import os
    os.chdir(root)
    sys.argv[:] = [""]
    rest = {"half": half, "link": _agentos_link(send, receive)} if half else {}
    sys.modules["__harness__"].run_plan(plan, report, root, **rest)
    _agentos_end()


def _agentos_candidate(root, half, send, receive):
    import json, os
    os.chdir(root)
    sys.argv[:] = [""]
    sys.path[0:0] = [root]
    sys.modules["separate"].run_candidate(json.loads(half), *_agentos_link(send, receive), root + "/")
    _agentos_end()
`;
