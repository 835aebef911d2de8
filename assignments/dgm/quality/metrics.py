"""The metrics by name: what each wants in the artifact, which options it takes, and which way is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 32 * 2**20
"""Of an artifact."""
FLOATS = ("F16", "BF16", "F32", "F64")
"""Types by the names that safetensors files use."""


@dataclass(frozen=True)
class Wanted:
    """A tensor that an artifact must hold."""

    shape: tuple[int, ...]
    dtypes: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """What an option of a metric may be: one of `choices`, else a whole number, from `least` to `most`.

    default: None where it has to be given.
    """

    default: Any = None
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0

    def problem(self, value: Any) -> str:
        """What is wrong with `value`, as the end of a sentence; empty when nothing is."""
        if self.choices:
            return "" if value in self.choices else f"must be one of {', '.join(self.choices)}"
        if isinstance(value, bool) or not isinstance(value, int):
            return "must be a whole number"
        return (
            "" if self.least <= value <= self.most else f"must be from {self.least} to {self.most}"
        )


@dataclass(frozen=True)
class Metric:
    """One number on an artifact.

    label: what the number is, before it in a sentence; unit: after it. lower_is_better: so that the
    threshold for full marks is the smaller one.
    """

    label: str
    tensors: Mapping[str, Wanted]
    unit: str = ""
    lower_is_better: bool = True
    options: Mapping[str, Option] = field(default_factory=dict)

    def met(self, value: float, full: float, half: float) -> str:
        """Which threshold a value meets: full, half or none. Of a value that is no number: none."""
        sign = 1.0 if self.lower_is_better else -1.0
        if sign * value <= sign * full:
            return "full"
        return "half" if sign * value <= sign * half else "none"


METRICS: dict[str, Metric] = {
    "digit_samples": Metric(
        label="Fréchet distance to the test digits",
        tensors={"samples": Wanted((1000, 1, 28, 28), ("U8", *FLOATS))},
        options={"classes": Option(default=8, least=1, most=10)},
    ),
    "class_samples": Metric(
        label="share of the samples that are of their class",
        lower_is_better=False,
        tensors={"samples": Wanted((1000, 1, 28, 28), ("U8", *FLOATS))},
        options={"least": Option(default=20, least=0, most=100)},
    ),
    "sketch_translations": Metric(
        label="share of the attributes that the sketches get wrong",
        tensors={"sketches": Wanted((250, 1, 64, 64), ("U8", *FLOATS))},
        options={"l1": Option(default=24, least=1, most=200)},
    ),
    "plane_density": Metric(
        label="held-out negative log-likelihood above the entropy",
        unit="nats",
        tensors={
            "log_density": Wanted((201, 201), ("F32", "F64")),
            "samples": Wanted((2000, 2), ("F32", "F64")),
        },
        options={"plane": Option(choices=("two_moons", "rings", "checkerboard"))},
    ),
}


def problem_of_question(metric: str, full: float, half: float, options: Mapping[str, Any]) -> str:
    """What is wrong with a question's table, in a sentence without its end; empty when nothing is."""
    if metric not in METRICS:
        return f"metric {metric!r} is unknown; the metrics are {', '.join(METRICS)}"
    known = METRICS[metric]
    for name, value in options.items():
        if name not in known.options:
            takes = ", ".join(known.options) or "none"
            return f"{name!r} is unknown; the options of {metric} are: {takes}"
        if problem := known.options[name].problem(value):
            return f"{name} = {value!r} {problem}"
    missing = [
        name
        for name, option in known.options.items()
        if option.default is None and name not in options
    ]
    if missing:
        return f"{missing[0]} is missing; {metric} needs it"
    if not (math.isfinite(full) and math.isfinite(half)):
        return f"full = {full}, half = {half}; both must be finite"
    if full == half or known.met(full, full, half) == known.met(half, full, half):
        better = "less" if known.lower_is_better else "more"
        return (
            f"full = {full:g}, half = {half:g}; of {metric} {better} is better, so full must be "
            f"{better} than half"
        )
    return ""
