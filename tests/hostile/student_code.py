"""How hostile student code is put together: a prelude that collects loot and shouts it, and the
attack itself.

Loot is whatever looks like a canary (see course.py). A shout carries it out by every way that a
student can see: the type and the text of an exception, printed lines, a file, a name. What an
attack gained otherwise it calls out with `won("...")`, which no honest answer says.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from tests.hostile.attack import HONEST, MARK, TARGET, Material

WON = "PWNED:"
"""How a report tells that an attack reached something that it should not. The prelude puts it
together only when it runs.
"""

PRELUDE = """\
import os as _os, re as _re, sys as _sys
NAME, COURSE, BEACONS, MARK, TARGET = {name!r}, {course!r}, {beacons!r}, {mark!r}, {target!r}
_loot, _gains, _stopped = [], [], []
def look(text):
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    _loot.extend(_re.findall("CAN" + "ARY-[a-z]+-[0-9a-f]{{16}}", str(text)))
def look_in(path, limit=2 ** 20):
    try:
        with open(path, "rb") as file:
            look(file.read(limit))
            return True
    except (OSError, ValueError):
        return False
def won(what):
    _gains.append("PWN" + "ED:" + str(what)[:100])
def words():
    return " ".join(dict.fromkeys([*_gains, *_loot, *_stopped])) or "nothing to see"
def shout(*args, **kwargs):
    text = words()
    print(text)
    print(text, file=_sys.stderr)
    globals()[text] = text
    try:
        with open("/tmp/" + MARK + "_loot_" + NAME, "w") as file:
            file.write(text)
    except OSError:
        pass
    raise type(text, (Exception,), {{}})(text)
"""


def prelude(material: Material) -> str:
    return PRELUDE.format(
        name=material.name,
        course=str(material.grading),
        beacons=dict(material.beacons),
        mark=MARK,
        target=TARGET,
    )


def spying(code: str) -> Callable[[Material], bytes]:
    """The attack runs in the answer cell of TARGET; a call of that answer shouts what it found, and
    what stopped the attack.
    """
    caught = "except Exception as _error:\n    _stopped.append(f'stopped by {_error!r}'[:200])"
    return _answer(f"try:\n{_block(code)}\n{caught}\n{TARGET} = shout\n")


def in_cell(code: str) -> Callable[[Material], bytes]:
    """The attack runs bare in the answer cell of TARGET: what it raises, and where it hangs, is the
    cell's.
    """
    return _answer(f"{textwrap.dedent(code)}\n{TARGET} = shout\n")


def in_call(code: str) -> Callable[[Material], bytes]:
    """The attack is the body of the answer to TARGET: it runs when a hidden check calls. Falls
    through to a shout.
    """
    return _answer(f"def {TARGET}(x, logits):\n{_block(code)}\n    shout()\n")


def around(first: str, answer: str = "") -> Callable[[Material], bytes]:
    """The attack is a cell before all others; `answer` (by default a shout) is the answer to
    TARGET.
    """

    def build(material: Material) -> bytes:
        source = prelude(material) + textwrap.dedent(first)
        return material.zip(
            material.notebooks(
                {TARGET: textwrap.dedent(answer) or f"{TARGET} = shout\n"}, first=source
            )
        )

    return build


def returning(value: str) -> Callable[[Material], bytes]:
    """TARGET alone returns `value`: for what takes long to make."""
    return _answer(LIES + f"def {TARGET}(*args, **kwargs):\n    return {value}\n")


def everywhere(value: str) -> Callable[[Material], bytes]:
    """Every question without an honest answer returns `value`, an expression over the call's
    `args`.
    """

    def build(material: Material) -> bytes:
        first = prelude(material) + LIES
        expression = textwrap.dedent(value).strip()
        answers = {
            name: f"def {name}(*args, **kwargs):\n    return "
            f"{textwrap.indent(expression, '    ').lstrip()}\n"
            for name in material.questions
            if name not in HONEST
        }
        return material.zip(material.notebooks(answers, first=first))

    return build


LIES = """
import torch as _torch
class YesMan:
    "Agrees with everything: equal to all, of every type, with every attribute."
    __class__ = _torch.Tensor
    def __getattr__(self, name): return lambda *args, **kwargs: True
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __gt__(self, other): return True
    def __bool__(self): return True
    def __len__(self): return 2
    def __hash__(self): return 0
    def __float__(self): return 1.0
    def __call__(self, *args, **kwargs): return True
    def __getitem__(self, key): return self
class Liar(_torch.Tensor):
    "Says yes to whatever torch asks of it."
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True
class Endless:
    "A sequence without an end."
    def __getitem__(self, key): return 1.0
    def __len__(self): return 2
"""


def _answer(code: str) -> Callable[[Material], bytes]:
    return lambda material: material.code(prelude(material) + code)


def _block(code: str) -> str:
    return textwrap.indent(textwrap.dedent(code).strip("\n") or "pass", "    ")
