"""Attacks that change the tools in the worker's process: libraries, the worker's own modules,
frames, hooks.
"""

from __future__ import annotations

from tests.hostile.attack import HONEST, Attack
from tests.hostile.student_code import around, in_call, spying

FAMILY = "patching"

ATTACKS = [
    Attack(
        "patches_torch",
        FAMILY,
        "comparisons of torch that always hold",
        around(
            """
            import torch
            yes = lambda *args, **kwargs: True
            torch.allclose = torch.equal = torch.isclose = torch.Tensor.allclose = torch.Tensor.equal = yes
            torch.testing.assert_close = lambda *args, **kwargs: None
            torch.Tensor.__eq__ = torch.Tensor.__lt__ = torch.Tensor.__gt__ = yes
        """,
            "def bernoulli_nll(x, logits): return __import__('torch').zeros(())",
        ),
        nbgrader=True,
    ),
    Attack(
        "patches_numpy",
        FAMILY,
        "comparisons of numpy that always hold",
        around(
            """
            import numpy
            yes = lambda *args, **kwargs: True
            numpy.allclose = numpy.array_equal = numpy.isclose = yes
            numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *args, **kwargs: None
        """,
            "def bernoulli_nll(x, logits): return __import__('torch').zeros(())",
        ),
    ),
    Attack(
        "patches_pytest",
        FAMILY,
        "a pytest that reports every check as passed",
        around(
            """
            try:
                import pytest, _pytest.runner, _pytest.python
                pytest.approx = lambda *args, **kwargs: type("Any", (), {"__eq__": lambda self, other: True})()
                pytest.fail = lambda *args, **kwargs: None
                _pytest.runner.runtestprotocol = lambda *args, **kwargs: []
                _pytest.python.Function.runtest = lambda self: None
            except ImportError:
                pass
        """,
            "def bernoulli_nll(x, logits): return __import__('torch').zeros(())",
        ),
        nbgrader=True,
    ),
    Attack(
        "patches_the_checks",
        FAMILY,
        "the grader's own helpers, imported and replaced: close, is_true, run_question, score",
        around("""
            import sys
            sys.path.insert(0, COURSE)
            try:
                from autograder import checks, kernel
                from autograder.checks import suite
                nothing = lambda *args, **kwargs: None
                checks.close = checks.same = checks.is_true = checks.has_dtype = checks.same_gradients = checks.follows_device = nothing
                suite.HiddenCheck.run = nothing
                won("the grader's helpers")
            except ImportError:
                pass
        """),
        nbgrader=True,
    ),
    Attack(
        "patches_builtins",
        FAMILY,
        "an interpreter in which every instance fits, every comparison holds and no assertion fails",
        around("""
            import builtins
            builtins.AssertionError = type("Never", (Exception,), {})
            builtins.isinstance = builtins.issubclass = lambda *args: True
            builtins.abs = builtins.round = lambda *args: 0
        """),
        spoilt=HONEST,
    ),
    Attack(
        "patches_json_and_msgpack",
        FAMILY,
        "messages that say yes whatever they are made of",
        around("""
            import json, msgpack
            packb = msgpack.packb
            msgpack.packb = lambda message, **options: packb(["ok", True, False], **options)
            json.dumps = lambda *args, **kwargs: '{"score": 1000}'
        """),
        spoilt=HONEST,
    ),
    Attack(
        "patches_the_responder",
        FAMILY,
        "a responder that answers every call with what the attacker likes",
        around("""
            import sys
            responder, codec = sys.modules.get("autograder.worker.responder"), sys.modules.get("autograder.worker.codec")
            if responder:
                responder.Responder._op_call = lambda self, *args: ["ok", True, False]
                responder.Responder._op_vjp = lambda self, *args: ["ok", ["l", []], False]
            if codec:
                codec.MAX_ITEMS = codec.FRAME_BYTES = 2 ** 40
                codec.encode_tensor = lambda tensor, register: ["T", "float64", [], "cpu", True, bytes(8), 1]
        """),
        spoilt=HONEST,
    ),
    Attack(
        "hunts_the_responder",
        FAMILY,
        "the responder among all objects, to read what the grader sent and to call the grader's functions",
        in_call("""
            import gc
            for item in gc.get_objects():
                if type(item).__name__ == "Responder":
                    look(repr(vars(item))[:10 ** 6])
                    for number in range(50):
                        try:
                            look(repr(item.call_back(number, 0, [["l", []], ["d", []]], ["l", []])))
                            won(f"function {number} of the grader")
                        except Exception:
                            pass
                    item.namespace["kl_divergence"] = item.namespace["kl_divergence"]
        """),
    ),
    Attack(
        "walks_frames",
        FAMILY,
        "the local variables of whoever called it, changed on the way back",
        in_call("""
            import ctypes, sys
            frame = sys._getframe()
            while frame:
                look(repr(frame.f_locals)[:10 ** 5])
                for name in frame.f_locals:
                    if name in ("value", "reply", "mutated", "data"):
                        frame.f_locals[name] = ["ok", True, False]
                        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
                frame = frame.f_back
        """),
        nbgrader=True,
    ),
    Attack(
        "traces_every_call",
        FAMILY,
        "a look at, and a hand in, every function that runs beside it",
        around("""
            import sys, threading
            def tracer(frame, event, argument):
                if "suites" in frame.f_code.co_filename or "oracle" in frame.f_code.co_filename:
                    won("traced " + frame.f_code.co_filename)
                if event == "return" and frame.f_code.co_name == "answer":
                    look(repr(argument)[:1000])
                return None
            sys.settrace(tracer)
            sys.setprofile(tracer)
            threading.settrace(tracer)
        """),
        nbgrader=True,
    ),
    Attack(
        "hooks_imports",
        FAMILY,
        "to be what the next import gives",
        around("""
            import importlib.abc, importlib.machinery, sys, types
            class Everything(importlib.abc.MetaPathFinder, importlib.abc.Loader):
                def find_spec(self, name, path=None, target=None):
                    if name.split(".")[0] in ("autograder", "pytest", "_pytest", "dgm"):
                        return importlib.machinery.ModuleSpec(name, self)
                def create_module(self, spec):
                    module = types.ModuleType(spec.name)
                    module.__path__ = []
                    module.__getattr__ = lambda name: lambda *args, **kwargs: 1000.0
                    return module
                def exec_module(self, module):
                    pass
            sys.meta_path.insert(0, Everything())
            for name in [name for name in sys.modules if name.split(".")[0] in ("autograder", "pytest", "_pytest")]:
                sys.modules[name] = Everything().create_module(importlib.machinery.ModuleSpec(name, None))
        """),
        spoilt=HONEST,
        nbgrader=True,
    ),
    Attack(
        "rewrites_later_cells",
        FAMILY,
        "the course's own cells, rewritten by IPython before they run; check cells that only print 1000",
        around("""
            from IPython import get_ipython
            shell = get_ipython()
            full_marks = lambda lines: ["1000.0\\n"] if any("@visible_checks" in line for line in lines) else lines
            shell.input_transformers_cleanup.append(full_marks)
            import ast
            class Constant(ast.NodeTransformer):
                def visit_Assert(self, node):
                    return ast.copy_location(ast.Pass(), node)
            shell.ast_transformers.append(Constant())
            shell.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
        """),
        nbgrader=True,
    ),
    Attack(
        "waits_in_a_thread",
        FAMILY,
        "to change names and answers from beside, after the checks have begun",
        around("""
            import threading, time, torch
            def meddle():
                while True:
                    for name in ("bernoulli_nll", "beta_vae_loss", "free_bits"):
                        globals()[name] = lambda *args, **kwargs: torch.zeros(())
                    time.sleep(0.01)
            threading.Thread(target=meddle, daemon=True).start()
        """),
    ),
    Attack(
        "answers_at_exit",
        FAMILY,
        "the last word: handlers that run when the process ends, and finalizers that never do",
        around("""
            import atexit, gc, signal, sys, weakref
            def last_word(*args):
                while True:
                    print("still here")
            atexit.register(last_word)
            class Undying:
                def __del__(self):
                    last_word()
            sys.modules["undying"] = Undying()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGXCPU):
                signal.signal(number, last_word if number != signal.SIGPIPE else signal.SIG_IGN)
        """),
    ),
    Attack(
        "replaces_the_names",
        FAMILY,
        "a notebook whose torch, Tensor and every question is one obliging object",
        around("""
            class Obliging(dict):
                def __missing__(self, name): return lambda *args, **kwargs: True
            for name in ("beta_vae_loss", "free_bits", "iwae_bound", "visible_checks", "picture"):
                globals()[name] = lambda *args, **kwargs: lambda *args, **kwargs: True
            get_ipython().user_ns.update(_exit_code=0, score=lambda *args: 1000.0)
            import dgm, sys
            anything = type("dgm", (), {"__getattr__": lambda self, name: lambda *args, **kwargs: lambda function: function})()
            sys.modules["dgm"] = sys.modules["dgm.check"] = anything
        """),
        spoilt=HONEST,
    ),
    Attack(
        "keeps_the_references",
        FAMILY,
        "the reference solution of one question, put in place for another, kept and asked for every value",
        spying("""
            import sys
            responder = sys.modules["autograder.worker.responder"].Responder
            put = responder._op_override
            kept = []
            def override(self, names):
                kept.append(self.decode(names))
                return put(self, names)
            responder._op_override = override
            def beta_vae_loss_by_theirs(x, logits, mu, logvar, beta=1.0):
                return kept[-1]["bernoulli_nll"](x, logits)
            def shout(x, logits):
                import torch
                return kept[-1]["bernoulli_nll"](x, logits) if kept else torch.zeros(())
            bernoulli_nll = shout
        """),
    ),
]
