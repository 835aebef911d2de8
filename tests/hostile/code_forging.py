"""Attacks on the pipe: replies that nobody computed, and frames that no honest worker sends."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from tests.hostile.attack import HONEST, Attack, Material
from tests.hostile.student_code import in_call, in_cell, prelude

FAMILY = "forging"

PIPE = """\
import os, stat, struct, socket, msgpack
def pipes():
    found = []
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                found.append(fd)
        except OSError:
            pass
    return found
def send(data):
    for fd in pipes():
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(fd, view):]
        except OSError:
            pass
def frame(message):
    data = msgpack.packb(message)
    return struct.pack(">I", len(data)) + data
def loss(value):
    return ["T", "float64", [], "cpu", False, struct.pack("<d", value), 0]
"""
"""`send` writes to every socket there is: an attacker need not know which is the pipe. Nothing in
it waits for an answer.
"""


def _call(code: str):  # type: ignore[no-untyped-def]

    return in_call(PIPE + textwrap.dedent(code))


def _cell(code: str):  # type: ignore[no-untyped-def]

    return in_cell(PIPE + textwrap.dedent(code))


def _answers(**answers: str) -> Callable[[Material], bytes]:
    """Answers to several questions, after the prelude."""

    def build(material: Material) -> bytes:
        sources = {name: textwrap.dedent(source) for name, source in answers.items()}
        return material.zip(material.notebooks(sources, first=prelude(material)))

    return build


ATTACKS = [
    Attack(
        "forges_a_reply",
        FAMILY,
        "points for a well-formed reply with a value of its own",
        _call('send(frame(["ok", loss(float("nan")), False]))'),
        spoilt=HONEST,
    ),
    Attack(
        "forges_many_replies",
        FAMILY,
        "to be a thousand replies ahead, each true, of the questions that are asked later",
        _call("""
            values = (True, None, loss(0.0), ["t", [True, True]])
            send(b"".join(frame(["ok", value, False]) for _ in range(300) for value in values))
        """),
        spoilt=HONEST,
    ),
    Attack(
        "is_one_reply_ahead",
        FAMILY,
        "the answer to a check moved to the next: a cell writes one reply too many",
        _cell('send(frame(["ok", None, False]))'),
        spoilt=HONEST,
    ),
    Attack(
        "sends_garbage",
        FAMILY,
        "a grader that stumbles over noise on the pipe",
        _call("send(os.urandom(100_000))"),
        spoilt=HONEST,
    ),
    Attack(
        "claims_four_gigabytes",
        FAMILY,
        "a grader that allocates what a header claims",
        _call('send(b"\\xff\\xff\\xff\\xff" + bytes(1000))'),
    ),
    Attack(
        "sends_half_a_frame",
        FAMILY,
        "a grader that waits for the rest of a frame forever",
        _call('send(struct.pack(">I", 2 ** 27) + bytes(1000))\nimport time\ntime.sleep(60)'),
    ),
    Attack(
        "sends_a_quarter_of_a_gigabyte",
        FAMILY,
        "the grader's memory, by a frame of the largest allowed size",
        _call("""
            send(struct.pack(">I", 2 ** 28) + b"\\xc6" + struct.pack(">I", 2 ** 28 - 5))
            for _ in range(255): send(bytes(2 ** 20))
            send(bytes(2 ** 20 - 5))
        """),
        spoilt=HONEST,
    ),
    Attack(
        "sends_a_million_items",
        FAMILY,
        "the grader's memory and time: each byte of a frame becomes an object over there",
        _call(
            """
            row = b"\\xdc\\xff\\xff" + b"\\xc0" * 65535
            data = b"\\x93\\xa2ok\\x92\\xa1l\\xdc" + struct.pack(">H", 500) + row * 500 + b"\\xc2"
            send(struct.pack(">I", len(data)) + data)
            """
        ),
        spoilt=HONEST,
    ),
    Attack(
        "sends_colliding_keys",
        FAMILY,
        "the grader's time: dict keys that all have one hash",
        _call(
            """
            pairs = [[["i", str((2 ** 61 - 1) * number)], None] for number in range(60_000)]
            send(frame(["ok", ["d", pairs], False]))
            """
        ),
        spoilt=HONEST,
    ),
    Attack(
        "sends_deep_nests",
        FAMILY,
        "a grader that runs out of stack",
        _call("""
            data = b"\\x93\\xa2ok" + b"\\x92\\xa1l\\x91" * 100_000 + b"\\xc0\\xc2"
            send(struct.pack(">I", len(data)) + data)
        """),
        spoilt=HONEST,
    ),
    Attack(
        "sends_impossible_tensors",
        FAMILY,
        "a grader that trusts shapes, dtypes, devices and numbers",
        _call("""
            for shape, dtype, device in (([2 ** 39, 2 ** 39], "float64", "meta"), ([-1], "float64", "cpu"), ([0] * 17, "float32", "cpu"),
                                         ([], "object", "cpu"), ([], "float64", "cuda:99"), ([2 ** 20] * 4, "bool", "meta")):
                send(frame(["ok", ["T", dtype, shape, device, True, b"12345678", 2 ** 62], False]))
        """),
        spoilt=HONEST,
    ),
    Attack(
        "forges_an_error",
        FAMILY,
        "a report that holds megabytes, line numbers without end, and text that steers a terminal",
        _call("""
            text = "\\x1b[2J\\u202e<script>" + "M" * 10 ** 7
            send(frame(["error", "K" * 10 ** 6, text, 2 ** 63, "S" * 10 ** 6]))
        """),
        spoilt=HONEST,
    ),
    Attack(
        "calls_back_uninvited",
        FAMILY,
        "functions of the grader that were never passed in, a hundred thousand times",
        _call(
            """
            for number in (0, 1, -1, 2 ** 40):
                send(frame(["callback", number, 0, [["l", []], ["d", []]], ["l", []]]) * 100)
            send(frame(["callback", "x", None, [], 5]) * 5_000)
            """
        ),
        spoilt=HONEST,
    ),
    Attack(
        "forges_a_graph",
        FAMILY,
        "gradients that nobody computed: an output with a graph, and the answer to the backward pass",
        _call(
            """
            wrong = ["T", "float32", [3], "cpu", True, bytes(12), 5]
            send(frame(["ok", ["T", "float64", [], "cpu", True, bytes(8), 7], False]) + frame(["ok", ["l", [wrong, wrong]], False]) * 20)
            """
        ),
        spoilt=HONEST,
    ),
    Attack(
        "sends_descriptors",
        FAMILY,
        "the grader's table of open files: descriptors sent along with a frame",
        _call(
            """
            for fd in pipes():
                try:
                    socket.send_fds(socket.socket(fileno=os.dup(fd)), [frame(["ok", loss(0.0), False])], [2] * 200)
                except OSError:
                    pass
            """
        ),
        spoilt=HONEST,
    ),
    Attack(
        "closes_the_pipe",
        FAMILY,
        "a grader that waits for a worker which cannot be heard any more",
        _call("for fd in pipes(): os.close(fd)\nimport time\ntime.sleep(60)"),
    ),
    Attack(
        "swaps_the_pipe",
        FAMILY,
        "to answer in the worker's place: another process reads the requests and says yes to all",
        _call(
            """
            if os.fork():
                os._exit(0)
            import time
            end = time.monotonic() + 20
            while time.monotonic() < end:
                for fd in pipes():
                    try:
                        os.set_blocking(fd, False)
                        if os.read(fd, 2 ** 16):
                            send(frame(["ok", True, False]))
                    except OSError:
                        pass
                time.sleep(0.01)
            os._exit(0)
            """
        ),
        spoilt=HONEST,
    ),
    Attack(
        "keeps_a_stand_in",
        FAMILY,
        "the reference KL, put in place of the student's own for one question, as an oracle for another",
        _answers(
            beta_vae_loss="""
                import builtins
                def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
                    if "Callback" in type(kl_divergence).__name__:
                        vars(builtins).setdefault("kept", []).append(kl_divergence)
                    return logits.sum() * 0
            """,
            free_bits="""
                import builtins
                def free_bits(mu, logvar, floor):
                    for oracle in reversed(getattr(builtins, "kept", [])):
                        columns = [oracle(mu[:, i : i + 1], logvar[:, i : i + 1]) for i in range(mu.shape[1])]
                        won("an oracle")
                        return torch.stack(columns).clamp(min=floor).sum()
                    shout()
            """,
        ),
    ),
    Attack(
        "asks_other_functions",
        FAMILY,
        "functions of other questions' checks, called by number behind the responder's back",
        _answers(
            beta_vae_loss="""
                def beta_vae_loss(x, logits, mu, logvar, beta=1.0):
                    globals()["made"] = type(kl_divergence), getattr(kl_divergence, "_responder", None)
                    return logits.sum() * 0
            """,
            free_bits="""
                def free_bits(mu, logvar, floor):
                    kind, responder = made
                    for number in range(200):
                        try:
                            columns = [kind(responder, number)(mu[:, i : i + 1], logvar[:, i : i + 1]) for i in range(mu.shape[1])]
                        except Exception:
                            continue
                        won("an oracle")
                        return torch.stack(columns).clamp(min=floor).sum()
                    shout()
            """,
        ),
    ),
]
