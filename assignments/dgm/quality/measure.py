"""Measure an artifact and say what it meets, in the words that students and the report have."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from dgm.quality.metrics import MAX_BYTES, METRICS, Metric
from dgm.run_all import is_validated

VISIBLE_SEED = 20_261_126
"""Of the draws that a student's own check is made with; the grader has others."""
LARGEST = 1e6
"""What a value or a detail is shown as when it is larger, or no number."""


@dataclass(frozen=True)
class Finding:
    """What a metric finds in an artifact's tensors.

    problem: why they earn nothing, whatever the value is, as a sentence; empty when they do.
    details: other numbers, for the report. remark: what else the student should know.
    """

    value: float
    problem: str = ""
    details: dict[str, float] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class Measured:
    """An artifact's value (None: it could not be measured), what it meets, and a sentence on it."""

    value: float | None
    met: str
    """full, half or none"""
    sentence: str
    details: dict[str, float] = field(default_factory=dict)


def measure(
    data: bytes,
    artifact: str,
    metric: str,
    *,
    full: float,
    half: float,
    options: Mapping[str, Any] | None = None,
    seed: int = VISIBLE_SEED,
) -> dict[str, Any]:
    """Measure the bytes of `artifact`; the fields of `Measured`, as plain data.

    full, half: thresholds, of which the better one is full. options: those of the metric. seed: of
    the data that it is held against, where the metric draws any. Never raises for what is in the
    file. Raises KeyError for an unknown metric.
    """
    from dgm.quality.artifact import ArtifactError, read_tensors

    known = METRICS[metric]
    given = {name: option.default for name, option in known.options.items()} | dict(options or {})
    try:
        tensors = read_tensors(data, known.tensors)
        finding: Finding = _module(metric).find(tensors, given, seed)
    except ArtifactError as error:
        return asdict(Measured(None, "none", f"{artifact} {error}. No points."))
    return asdict(_measured(known, finding, full, half))


def prepare(metric: str) -> None:
    """Import what a metric needs, and compute once for this process what does not depend on the
    artifact. Raises KeyError for an unknown metric.
    """
    prepare_module = getattr(_module(metric), "prepare", None)
    if prepare_module is not None:
        prepare_module()


def _module(metric: str) -> ModuleType:
    # Here, since assignment.toml is read without torch and these modules need this one.
    from dgm.quality import class_samples, digit_samples, plane_density, sketch_translations

    return {
        "class_samples": class_samples,
        "digit_samples": digit_samples,
        "plane_density": plane_density,
        "sketch_translations": sketch_translations,
    }[metric]


def _measured(metric: Metric, finding: Finding, full: float, half: float) -> Measured:
    worst = LARGEST if metric.lower_is_better else -LARGEST
    value = _bounded(finding.value) if math.isfinite(finding.value) else worst
    details = {name: _bounded(number) for name, number in finding.details.items()}
    met = "none" if finding.problem else metric.met(value, full, half)
    unit = f" {metric.unit}" if metric.unit else ""
    shown = f"{metric.label}: {_number(value)}{unit}"
    bound = "at most" if metric.lower_is_better else "at least"
    worth = {
        "full": f"{bound} {full:g}, full marks",
        "half": f"{bound} {half:g}, half of the points; full marks need {full:g}",
        "none": f"no points; half of them need {half:g}",
    }[met]
    said = finding.problem + f" No points. ({shown})" if finding.problem else f"{shown} ({worth})."
    return Measured(value, met, f"{said} {finding.remark}".rstrip(), details)


def _bounded(number: float) -> float:
    return min(max(number, -LARGEST), LARGEST) if math.isfinite(number) else LARGEST


def _number(value: float) -> str:
    """Three digits, and no power of ten."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{round(value, 4) + 0.0:.3g}"


def show_quality(
    question: str, artifact: str, metric: str, *, full: float, half: float, **options: Any
) -> None:
    """Print what the grader will say of the file `artifact`, but for the data that it draws itself.

    A file that is missing is named, and so is what goes wrong: nothing stops "Run All". Under `nbgrader validate`, which takes a cell
    that only prints for passed, a missing file raises AssertionError.
    """
    # nbgrader gives a test cell that writes to stderr no points, so warnings go to stdout.
    with contextlib.redirect_stderr(sys.stdout):
        try:
            said = _said(artifact, metric, full, half, options)
        except Exception as error:
            said = f"{artifact} cannot be measured here ({type(error).__name__}: {error})"
    print(f"{question}: {said}")
    if is_validated() and not Path(artifact).is_file():
        raise AssertionError(f"{question}: {said}")


def _said(artifact: str, metric: str, full: float, half: float, options: Mapping[str, Any]) -> str:
    file = Path(artifact)
    if not file.is_file():
        return missing(artifact)
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)  # never more of it than is taken
    return str(measure(data, artifact, metric, full=full, half=half, options=options)["sentence"])


def missing(artifact: str) -> str:
    """The sentence on an artifact that is not there."""
    return f"{artifact} is missing. Run the cell that saves it, and hand the file in. No points."
