"""Quality of samples and densities: known values, thresholds, and files that strangers wrote."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from dgm.data import load_digits
from dgm.metrics import digit_distance, digit_probabilities
from dgm.plane import rings, two_moons
from dgm.quality import METRICS, Metric, digit_samples, measure, plane_density, problem_of_question
from dgm.quality import show_quality as show
from dgm.quality.measure import Finding, _measured
from dgm.sketches import load_pairs, sketches_of
from safetensors.torch import save
from torch import Tensor

DIGITS = "digit_samples"
CLASSES = "class_samples"
PLANE = "plane_density"
SKETCHES = "sketch_translations"


def digits(samples: Tensor, **options: Any) -> dict[str, Any]:
    return measured({"samples": samples}, DIGITS, 20.0, 60.0, **options)


def measured(
    tensors: dict[str, Tensor], metric: str, full: float, half: float, **options: Any
) -> dict[str, Any]:
    data = save({name: tensor.contiguous().clone() for name, tensor in tensors.items()})
    return measure(data, "artifacts/a.safetensors", metric, full=full, half=half, options=options)


@pytest.fixture(scope="module")
def train() -> Tensor:
    return load_digits("train")[0]


def warped(images: Tensor, degrees: float = 12.0) -> Tensor:
    """Digits that are no copies any more."""
    angle = torch.tensor(degrees).deg2rad()
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).view(2, 2)
    matrix = torch.cat([turn, torch.zeros(2, 1)], dim=1).expand(len(images), 2, 3)
    grid = torch.nn.functional.affine_grid(matrix, list(images.shape), align_corners=False)
    return torch.nn.functional.grid_sample(images + 1, grid, align_corners=False) - 1


def levels(images: Tensor) -> Tensor:
    return (127.5 * (images + 1)).round().clamp(0, 255).to(torch.uint8)


# ---- digits


def test_the_value_is_the_distance_to_the_test_digits_for_levels_and_floats(train: Tensor) -> None:
    samples = warped(train[:1000])
    found = digits(samples)
    assert found["value"] == pytest.approx(digit_distance(samples, load_digits("test")[0]))
    assert digits(levels(samples))["value"] == pytest.approx(found["value"], rel=0.02)
    assert found["details"]["classes"] == 10
    assert found["details"]["copies"] < 20


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x,
        lambda x: (x + 0.2 * torch.randn(x.shape)).clamp(-1, 1),
        lambda x: torch.roll(x, (1, -1), (2, 3)),
        lambda x: 0.6 * (x + 1) - 1,
    ],
    ids=["exact", "noisy", "moved by a pixel", "darker"],
)
@pytest.mark.parametrize("split", ["train", "test"])
def test_copies_of_real_digits_earn_nothing(change: Callable[[Tensor], Tensor], split: Any) -> None:
    torch.manual_seed(0)
    found = digits(levels(change(load_digits(split)[0][:1000])))
    assert found["met"] == "none"
    assert found["details"]["copies"] > 900
    assert "samples are copies of real digits. No points." in found["sentence"]


def test_a_few_copies_among_samples_are_counted_and_forgiven(train: Tensor) -> None:
    samples = warped(train[:1000])
    before = digits(samples)["details"]["copies"]
    samples[:10] = train[2000:2010]
    found = digits(samples)
    assert found["details"]["copies"] == before + 10
    assert "copies" not in found["sentence"]


def test_new_digits_are_no_copies(train: Tensor) -> None:
    """Digits of the test set, held against the training set alone, are far from the limit."""
    ratios = digit_samples.copy_ratios(load_digits("test")[0], digit_samples.patterns_of(train))
    copies = (ratios < digit_samples.COPY_RATIO).float().mean()
    assert copies < digit_samples.MAX_COPIES / 4


@pytest.mark.parametrize("kind", ["one digit", "ten digits", "black", "grey"])
def test_the_same_samples_over_and_over_earn_nothing(kind: str, train: Tensor) -> None:
    some = warped(train[:10])
    samples = {
        "one digit": some[:1].expand(1000, 1, 28, 28),
        "ten digits": some.repeat(100, 1, 1, 1),
        "black": torch.full((1000, 1, 28, 28), -1.0),
        "grey": torch.zeros(1000, 1, 28, 28),
    }[kind]
    found = digits(samples)
    assert found["met"] == "none"
    assert "1000 of 1000 samples are the same as another one" in found["sentence"]


def test_samples_of_few_classes_earn_nothing(train: Tensor) -> None:
    images, labels = load_digits("train")
    samples = warped(images[labels < 4][:1000])
    assert len(samples) == 1000
    found = digits(samples)
    assert found["details"]["classes"] == 4
    assert "cover 4 of the ten digits; 8 are needed" in found["sentence"]
    assert "cover" not in digits(samples, classes=3)["sentence"]


def test_floats_in_another_range_are_refused_with_the_range() -> None:
    samples = torch.rand(1000, 1, 28, 28) * 255
    found = digits(samples)
    assert found["value"] is None
    assert "must be in [-1, 1]" in found["sentence"]


# ---- digits of a class


@pytest.fixture(scope="module")
def sorted_digits() -> Tensor:
    """A hundred training digits of each class, in order."""
    images, labels = load_digits("train")
    return torch.cat([images[labels == c][:100] for c in range(10)])


def classes(samples: Tensor, **options: Any) -> dict[str, Any]:
    return measured({"samples": samples}, CLASSES, 0.85, 0.6, **options)


def test_the_share_of_the_class_is_that_of_the_classifier(sorted_digits: Tensor) -> None:
    samples = warped(sorted_digits)
    found = classes(samples)
    wanted = torch.arange(10).repeat_interleave(100)
    right = (digit_probabilities(samples).argmax(1) == wanted).float()
    assert found["value"] == pytest.approx(float(right.mean()))
    assert found["met"] == "full" and "share of the samples" in found["sentence"]
    assert found["details"]["of_worst"] == pytest.approx(
        100 * float(right.view(10, 100).mean(1).min())
    )
    assert classes(levels(samples))["value"] == pytest.approx(found["value"], abs=0.01)


def test_half_of_the_points_and_none(sorted_digits: Tensor) -> None:
    samples = warped(sorted_digits).view(10, 100, 1, 28, 28)
    for n_wrong, met in ((30, "half"), (60, "none")):
        others = samples[:, -n_wrong:].roll(1, 0)  # of the class before
        mixed = torch.cat([samples[:, :-n_wrong], others], dim=1).flatten(0, 1)
        assert classes(mixed)["met"] == met


def test_another_order_earns_nothing(sorted_digits: Tensor) -> None:
    samples = warped(sorted_digits).view(10, 100, 1, 28, 28)
    for other in (samples.transpose(0, 1), samples.flip(0), samples.roll(1, 0)):
        found = classes(other.flatten(0, 1))
        assert found["met"] == "none" and "in the order 0 to 9" in found["sentence"]
    images, labels = load_digits("train")
    zeros = warped(images[labels == 0][100:200])
    one = torch.cat([samples[:9].flatten(0, 1), zeros])
    assert classes(one)["value"] > 0.85
    assert "in the place of the digit 9" in classes(one)["sentence"]
    assert classes(one, least=0)["met"] == "full"


def test_copies_and_repeats_of_a_class_earn_nothing(sorted_digits: Tensor) -> None:
    found = classes(sorted_digits)
    assert found["met"] == "none" and "copies of real digits" in found["sentence"]
    some = warped(sorted_digits)[::100].repeat_interleave(100, 0)
    found = classes(some)
    assert found["met"] == "none" and "the same as another one" in found["sentence"]


def test_other_ranges_of_class_samples_are_refused() -> None:
    found = classes(torch.rand(1000, 1, 28, 28) * 255)
    assert found["value"] is None and "must be in [-1, 1]" in found["sentence"]


# ---- sketches


def sketched(images: Tensor) -> dict[str, Any]:
    return measured({"sketches": images}, SKETCHES, 0.15, 0.22)


@pytest.fixture(scope="module")
def pairs() -> tuple[Tensor, Tensor, Tensor]:
    return load_pairs("test", 250)


def test_sketches_by_other_hands_get_full_marks(pairs: tuple[Tensor, ...]) -> None:
    drawn, attributes = sketches_of("test", 250, hands_seed=3)
    assert torch.equal(attributes, pairs[2])
    for images in (drawn, levels(drawn)):
        found = sketched(images)
        assert found["met"] == "full" and found["value"] < 0.05
        assert 0.06 < found["details"]["l1"] < 0.24


def test_what_no_generator_drew_earns_nothing(pairs: tuple[Tensor, ...]) -> None:
    photos, sketches, _ = pairs
    assert torch.equal(sketches_of("test", 250)[0], sketches)
    for images in (
        sketches,  # copies of the answers
        photos.mean(1, keepdim=True),  # the photographs themselves
        sketches_of("train", 500)[0].mean(0, keepdim=True).expand(250, 1, 64, 64),
        sketches.roll(1, 0),  # other people
    ):
        assert sketched(images)["met"] == "none"


# ---- the plane


@pytest.fixture(scope="module")
def moons() -> dict[str, Tensor]:
    """The true density, and samples of it."""
    return artifact_of(two_moons())


def artifact_of(plane: Any) -> dict[str, Tensor]:
    axis = torch.linspace(-3, 3, 201)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    table = plane.log_density(torch.stack([x, y], dim=-1).view(-1, 2).double())
    return {
        "log_density": table.clamp_min(-80).view(201, 201).float(),
        "samples": plane.sample(2000, 5),
    }


def density(tensors: dict[str, Tensor], plane: str = "two_moons") -> dict[str, Any]:
    return measured(tensors, PLANE, 0.1, 0.3, plane=plane)


def test_the_true_density_is_at_the_entropy(moons: dict[str, Tensor]) -> None:
    found = density(moons)
    assert found["met"] == "full"
    assert abs(found["value"]) < 0.02
    assert found["details"]["integral"] == pytest.approx(1, abs=1e-3)
    assert found["details"]["nats"] == pytest.approx(two_moons().entropy, abs=0.05)
    assert density(artifact_of(rings()), "rings")["met"] == "full"


def test_the_value_is_the_divergence_of_a_known_density(moons: dict[str, Tensor]) -> None:
    """A normal of the points' own mean and variance, whose samples are its own."""
    points = two_moons().sample(100_000, 1).double()
    normal = torch.distributions.Normal(points.mean(0), points.std(0))
    axis = torch.linspace(-3, 3, 201, dtype=torch.float64)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    table = normal.log_prob(torch.stack([x, y], dim=-1)).sum(-1)
    torch.manual_seed(0)
    found = density({"log_density": table, "samples": normal.sample((2000,))})
    nats = -normal.log_prob(points).sum(1).mean() - two_moons().entropy
    assert found["value"] == pytest.approx(float(nats), abs=0.02)
    assert found["met"] == "none"
    assert "half of them need 0.3" in found["sentence"]


def test_a_table_over_one_is_divided_by_its_integral(moons: dict[str, Tensor]) -> None:
    louder = moons | {"log_density": moons["log_density"] + 2.0}
    quieter = moons | {"log_density": moons["log_density"] - 0.2}
    value = density(moons)["value"]
    assert density(louder)["value"] == pytest.approx(value, abs=1e-3)
    assert density(louder)["details"]["integral"] == pytest.approx(math.exp(2), rel=1e-3)
    assert density(quieter)["value"] == pytest.approx(value + 0.2, abs=1e-3)


def test_nothing_is_gained_between_the_points_of_the_grid() -> None:
    """The integral of what is interpolated, on a grid three times as fine, is never over 1."""
    torch.manual_seed(0)
    for scale in (1.0, 10.0, 100.0):
        log_q, _ = plane_density.normalised(scale * torch.randn(201, 201, dtype=torch.float64))
        axis = (torch.arange(600, dtype=torch.float64) + 0.5) / 100 - 3
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        fine = plane_density.interpolate(log_q, torch.stack([x, y], dim=-1).view(-1, 2))
        assert float(fine.exp().sum() / 100**2) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: 0.7 * x,
        lambda x: x + 0.25,
        lambda x: x * torch.tensor([1.0, -1.0]),
        lambda x: x[:1].expand(2000, 2),
        lambda x: x.flip(1),
        lambda x: x + 0.1 * torch.randn(x.shape, generator=torch.Generator().manual_seed(0)),
        lambda x: torch.full_like(x, 1e38),
        lambda x: torch.full((2000, 2), 1e300, dtype=torch.float64),
    ],
    ids=[
        "shrunk",
        "moved",
        "upside down",
        "a point",
        "axes swapped",
        "blurred",
        "far away",
        "beyond floats",
    ],
)
def test_samples_that_do_not_agree_with_the_density_earn_nothing(
    moons: dict[str, Tensor], change: Callable[[Tensor], Tensor]
) -> None:
    found = density(moons | {"samples": change(moons["samples"])})
    assert found["met"] == "none"
    assert "do not agree with log_density" in found["sentence"]
    assert all(map(math.isfinite, found["details"].values()))


def test_a_transposed_table_is_named(moons: dict[str, Tensor]) -> None:
    found = density(moons | {"log_density": moons["log_density"].T})
    assert found["met"] == "none"
    assert "its rows are y" in found["sentence"]


@pytest.mark.parametrize("value", [1e38, -1e38, 0.0])
def test_a_constant_or_extreme_table_has_a_finite_value_and_earns_nothing(value: float) -> None:
    table = torch.full((201, 201), value)
    table[0, 0] = -value
    found = density({"log_density": table, "samples": two_moons().sample(2000)})
    assert found["met"] == "none"
    assert math.isfinite(found["value"])
    json.dumps(found, allow_nan=False)


def test_another_seed_moves_the_value_by_little(moons: dict[str, Tensor]) -> None:
    data = save({name: tensor.contiguous() for name, tensor in moons.items()})
    given = {"full": 0.1, "half": 0.3, "options": {"plane": "two_moons"}}
    values = [measure(data, "a", PLANE, seed=seed, **given)["value"] for seed in range(3)]
    assert len(set(values)) == 3
    assert max(values) - min(values) < 0.005


# ---- thresholds and tables


@pytest.mark.parametrize(
    ("value", "met", "said"),
    [
        (10.0, "full", "10 (at most 20, full marks)"),
        (20.0, "full", "full marks"),
        (20.5, "half", "at most 60, half of the points; full marks need 20"),
        (60.0, "half", "half of the points"),
        (61.0, "none", "no points; half of them need 60"),
        (math.inf, "none", "1,000,000"),
        (math.nan, "none", "1,000,000"),
    ],
)
def test_what_a_value_meets(value: float, met: str, said: str) -> None:
    found = _measured(METRICS[DIGITS], Finding(value), 20, 60)
    assert found.met == met
    assert said in found.sentence


@pytest.mark.parametrize(
    ("value", "met"),
    [(0.9, "full"), (0.8, "full"), (0.7, "half"), (0.4, "none"), (math.nan, "none")],
)
def test_more_may_be_better(value: float, met: str) -> None:
    accuracy = Metric("accuracy", {}, lower_is_better=False)
    found = _measured(accuracy, Finding(value), 0.8, 0.5)
    assert found.met == met
    if met == "full":
        assert "at least 0.8" in found.sentence


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ((DIGITS, 20, 60, {}), ""),
        ((DIGITS, 20, 60, {"classes": 10}), ""),
        ((CLASSES, 0.8, 0.6, {}), ""),
        ((CLASSES, 0.6, 0.8, {}), "more is better, so full must be more than half"),
        ((CLASSES, 0.8, 0.6, {"least": 101}), "least = 101 must be from 0 to 100"),
        ((PLANE, 0.1, 0.3, {"plane": "rings"}), ""),
        (("sharpness", 1, 2, {}), "metric 'sharpness' is unknown; the metrics are digit_samples"),
        ((DIGITS, 60, 20, {}), "less is better, so full must be less than half"),
        ((DIGITS, 20, 20, {}), "full must be less than half"),
        ((DIGITS, math.nan, 20, {}), "both must be finite"),
        ((DIGITS, 20, math.inf, {}), "both must be finite"),
        ((DIGITS, 20, 60, {"classes": 11}), "classes = 11 must be from 1 to 10"),
        ((DIGITS, 20, 60, {"classes": True}), "classes = True must be a whole number"),
        ((DIGITS, 20, 60, {"clases": 9}), "'clases' is unknown; the options of digit_samples"),
        ((PLANE, 0.1, 0.3, {}), "plane is missing; plane_density needs it"),
        ((PLANE, 0.1, 0.3, {"plane": "moon"}), "plane = 'moon' must be one of two_moons"),
        ((PLANE, 0.1, 0.3, {"plane": 3}), "must be one of"),
    ],
)
def test_problems_of_a_question_are_named(table: tuple[Any, ...], problem: str) -> None:
    found = problem_of_question(*table)
    assert problem in found if problem else found == ""


# ---- files


def file(header: object, n_bytes: int, told: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if told is None else told) + text + bytes(n_bytes)


N = 1000 * 784
GOOD = {"dtype": "U8", "shape": [1000, 1, 28, 28], "data_offsets": [0, N]}
BAD_FILES = {
    "empty": (b"", "is not a safetensors file"),
    "a pickle": (b"\x80\x04\x95" + bytes(200), "is not a safetensors file"),
    "a long header": (file(b"{}", 0, 2**63), "is not a safetensors file"),
    "a header of 1 MiB": (file(b" " * 2**20 + b"{}", 0), "is not a safetensors file"),
    "no JSON": (file(b"{nope", 9), "its header cannot be read"),
    "a list": (file([1], 9), "its header cannot be read"),
    "deep": (file(b'{"a":' * 10_000, 0), "its header cannot be read"),
    "other names": (file({"w": GOOD}, N), "holds the tensors w; it must hold the tensors samples"),
    "no tensors": (file({}, 0), "holds no tensors"),
    "one more": (
        file({"samples": GOOD, "\u202ebad\n": {**GOOD, "data_offsets": [N, N]}}, N),
        r"\u202ebad\n",
    ),
    "many more": (file({f"t{i}": GOOD for i in range(500)}, N), "496 more"),
    "fewer samples": (
        file({"samples": {**GOOD, "shape": [999, 1, 28, 28]}}, N),
        "has samples of shape (999, 1, 28, 28); it must be (1000, 1, 28, 28)",
    ),
    "another order": (
        file({"samples": {**GOOD, "shape": [1000, 28, 28, 1]}}, N),
        "of shape (1000, 28, 28, 1)",
    ),
    "a huge shape": (file({"samples": {**GOOD, "shape": [2**60, 2**60]}}, N), "of shape (1152921"),
    "a shape of text": (file({"samples": {**GOOD, "shape": "all"}}, N), "of shape unknown"),
    "a shape of floats": (
        file({"samples": {**GOOD, "shape": [1000.0, 1, 28, 28]}}, N),
        "of shape unknown",
    ),
    "integers": (file({"samples": {**GOOD, "dtype": "I64"}}, N), "of type 'I64'"),
    "no type": (file({"samples": {**GOOD, "dtype": None}}, N), "of type 'nothing'"),
    "offsets beyond": (file({"samples": {**GOOD, "data_offsets": [N, 2 * N]}}, N), "is damaged"),
    "offsets too far": (file({"samples": {**GOOD, "data_offsets": [0, 2**50]}}, N), "does not fit"),
    "negative offsets": (file({"samples": {**GOOD, "data_offsets": [-N, 0]}}, N), "does not fit"),
    "offsets of floats": (
        file({"samples": {**GOOD, "data_offsets": [0.0, float(N)]}}, N),
        "does not fit",
    ),
    "one offset": (file({"samples": {**GOOD, "data_offsets": [0]}}, N), "no sound entry"),
    "no offsets": (file({"samples": {"dtype": "U8"}}, N), "no sound entry"),
    "an entry of text": (file({"samples": "all"}, N), "no sound entry"),
    "cut off": (file({"samples": GOOD}, N - 1), "do not fill it, or are cut off"),
    "more bytes": (file({"samples": GOOD}, N + 1), "do not fill it"),
    "huge": (file({"samples": GOOD}, 33 * 2**20), "is larger than 32 MiB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_earns_nothing_and_is_explained(name: str) -> None:
    data, problem = BAD_FILES[name]
    found = measure(data, "artifacts/x.safetensors", DIGITS, full=20, half=60)
    assert (found["value"], found["met"]) == (None, "none")
    assert found["sentence"].startswith("artifacts/x.safetensors ")
    assert problem in found["sentence"]
    assert found["sentence"].isprintable()


def test_tensors_that_overlap_are_refused(moons: dict[str, Tensor]) -> None:
    data = bytearray(save({name: tensor.contiguous() for name, tensor in moons.items()}))
    n_bytes = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + n_bytes])
    header["samples"]["data_offsets"] = [0, 2000 * 2 * 4]
    header["log_density"]["data_offsets"] = [0, 201 * 201 * 4]
    found = measure(
        file(header, 201 * 201 * 4), "a", PLANE, full=0.1, half=0.3, options={"plane": "rings"}
    )
    assert "overlap" in found["sentence"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["log_density", "samples"])
def test_what_is_not_finite_is_refused(moons: dict[str, Tensor], name: str, value: float) -> None:
    changed = moons[name].clone()
    changed[7, 1] = value
    found = density(moons | {name: changed})
    assert (found["value"], found["met"]) == (None, "none")
    assert f"has values in {name} that are not finite" in found["sentence"]


# ---- what a student sees


def test_the_check_prints_what_the_grader_will_say_or_names_a_missing_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    moons: dict[str, Tensor],
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "artifacts/moons.safetensors"
    given: dict[str, Any] = {"full": 0.1, "half": 0.3, "plane": "two_moons"}
    show("moons_quality", name, PLANE, **given)
    assert capsys.readouterr().out == (
        f"moons_quality: {name} is missing. Run the cell that saves it, and hand the file in. "
        "No points.\n"
    )
    (tmp_path / "artifacts").mkdir()
    data = save({key: tensor.contiguous() for key, tensor in moons.items()})
    (tmp_path / name).write_bytes(data)
    show("moons_quality", name, PLANE, **given)
    said = measure(data, name, PLANE, full=0.1, half=0.3, options={"plane": "two_moons"})
    assert capsys.readouterr().out == f"moons_quality: {said['sentence']}\n"
    assert "(at most 0.1, full marks)" in said["sentence"]
