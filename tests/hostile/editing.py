"""Edits of an honest lab as attacks: `attack = into(ATTACKS)`, then `@attack(name, gain)` over a
function that changes the lab's JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from tests.hostile.archives import honest, pack
from tests.hostile.attack import HONEST, Attack, Material

Json = dict[str, Any]
Edit = Callable[[Json], Json | str | bytes | None]
"""Changes a lab in place, or gives what to hand in instead of it."""


class Register(Protocol):
    def __call__(
        self,
        name: str,
        gain: str,
        *,
        spoilt: tuple[str, ...] = (),
        nbgrader: bool = False,
        waits: bool = False,
    ) -> Callable[[Edit], Edit]: ...


def into(attacks: list[Attack]) -> Register:
    """A decorator that names an edit and puts it into `attacks`."""

    def attack(
        name: str,
        gain: str,
        *,
        spoilt: tuple[str, ...] = (),
        nbgrader: bool = False,
        waits: bool = False,
    ) -> Callable[[Edit], Edit]:
        def register(edit: Edit) -> Edit:
            def build(material: Material) -> bytes:
                lab = honest_lab(material)
                edited = edit(lab)
                return submit(material, lab if edited is None else edited)

            attacks.append(
                Attack(
                    f"notebook_{name}",
                    "notebooks",
                    gain,
                    build,
                    "ungraded" if waits else "graded",
                    HONEST if waits else spoilt,
                    nbgrader=nbgrader,
                )
            )
            return edit

        return register

    return attack


def submit(material: Material, lab: Json | str | bytes) -> bytes:
    """A submission with this lab: JSON to be written, or its text or bytes as they are."""
    text = lab if isinstance(lab, str | bytes) else json.dumps(lab)
    return pack(honest(material, {"lab.ipynb": text.encode() if isinstance(text, str) else text}))


def honest_lab(material: Material) -> Json:
    lab: Json = json.loads(json.dumps(material.notebooks()["lab"]))
    return lab


def cell_of(lab: Json, grade_id: str) -> Json:
    cells: list[Json] = lab["cells"]
    return next(
        cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def marks(lab: Json) -> list[Json]:
    return [cell["metadata"]["nbgrader"] for cell in lab["cells"] if "nbgrader" in cell["metadata"]]


def code(source: Any, **fields: Any) -> Json:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    } | fields


def text(source: str, **fields: Any) -> Json:
    return {"cell_type": "markdown", "metadata": {}, "source": source} | fields


def shown(**data: Any) -> Json:
    return {"output_type": "display_data", "metadata": {}, "data": data}
