"""How far honest models are from the thresholds of their quality questions, and where the limits of
the metrics lie.

    python benchmarks/quality.py runs vae --seeds 10     # trains the lab's model again and again
    python benchmarks/quality.py runs dcgan --seeds 10   # or two_moons, glow, ddpm, guided
    python benchmarks/quality.py limits                  # real digits, copies, draws from a density
"""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]  # started by its path

ALL = None
RUNS: dict[str, tuple[str, str, str, tuple[str, ...] | None]] = {
    "vae": (
        "vae",
        "lab",
        "vae_samples_quality",
        ("experiment_setup", "vae", "vae_samples", "vae_keep_samples"),
    ),
    "dcgan": (
        "gan",
        "dcgan",
        "dcgan_samples_quality",
        ("dcgan_setup", "dcgan_digits", "dcgan_keep_samples"),
    ),
    "two_moons": ("flows", "density", "two_moons_quality", ALL),
    "glow": ("flows", "images", "flow_samples_quality", ALL),
    "guided": (
        "diffusion",
        "samplers",
        "guided_samples_quality",
        ("exact_paths", "train_network", "steps_and_quality", "guided_samples"),
    ),
    "ddpm": (
        "diffusion",
        "ddpm",
        "ddpm_samples_quality",
        ("ddpm_setup", "ddpm_digits", "ddpm_chain", "ddpm_samples"),
    ),
    "sketches": (
        "pix2pix",
        "pix2pix",
        "sketches_quality",
        ("pix2pix_setup", "four_runs", "four_runs_table", "pix2pix_keep"),
    ),
}
"""Assignment, lab, question, and the training cells up to the one that writes the artifact."""

app = typer.Typer(add_completion=False, help=__doc__)


def cells_of(model: str) -> list[str]:
    """The code that trains the model and writes its artifact: the lab's own, with the model
    solutions.
    """
    from autograder.course.regions import as_written_by_a_student
    from autograder.release import include, text

    slug, notebook, question, trained = RUNS[model]
    folder = ROOT / "assignments" / slug
    cells = include.expand(
        text.read(text.find(folder, notebook)), folder.parent / include.FOLDER, slug
    )
    check = next(
        i for i, cell in enumerate(cells) if cell.role == "quality" and cell.name == question
    )
    return [
        as_written_by_a_student(cell.source)
        for cell in cells[:check]
        if cell.cell_type == "code"
        and (
            cell.role in ("course", "answer")
            or (cell.role == "train" and (trained is ALL or cell.name in trained))
        )
    ]


@contextmanager
def with_seed(number: int) -> Iterator[None]:
    """Other random numbers for weights, codes and the order of the data. 0: the lab's own."""
    import dgm.data
    import dgm.training

    seed, batches = dgm.training.seed_everything, dgm.data.batches
    dgm.training.seed_everything = lambda given: seed(given + 1000 * number)
    dgm.data.batches = functools.partial(batches, seed=number)
    try:
        yield
    finally:
        dgm.training.seed_everything, dgm.data.batches = seed, batches


def one_run(model: str, number: int, folder: Path) -> dict[str, Any]:
    """Train in `folder`, and measure what the lab writes there."""
    from dgm.quality import measure

    from autograder.course.assignment import load

    slug, _, question, _ = RUNS[model]
    table = load(slug, ROOT).questions[question].quality
    assert table is not None
    names: dict[str, Any] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(folder)
    try:
        with with_seed(number):
            for source in cells_of(model):
                exec(compile(source, "lab", "exec"), names)
        data = (folder / table.artifact).read_bytes()
    finally:
        os.chdir(before)
    return measure(
        data, table.artifact, table.metric, full=table.full, half=table.half, options=table.options
    )


@app.command()
def runs(
    model: Annotated[str, typer.Argument(help=f"One of: {', '.join(RUNS)}.")],
    seeds: Annotated[int, typer.Option(help="How often the model is trained.")] = 10,
    first: Annotated[int, typer.Option(help="The first seed; 0 is the lab's own.")] = 0,
    keep: Annotated[str, typer.Option(help="A folder in which the artifacts stay.")] = "",
) -> None:
    """Train the lab's model at its default settings, seed by seed; print what each is worth."""
    os.environ |= {"MPLBACKEND": "Agg", "TQDM_DISABLE": "1"}
    for number in range(first, first + seeds):
        folder = Path(keep or tempfile.mkdtemp(prefix="quality-")) / f"{model}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        start = time.perf_counter()
        out, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115
        try:
            found = one_run(model, number, folder)
        finally:
            sys.stdout.close()
            sys.stdout = out
        details = ", ".join(f"{name} {value:g}" for name, value in found["details"].items())
        seconds = time.perf_counter() - start
        print(
            f"{model} {number}: {found['value']:.2f} ({details}), {found['met']}, {seconds:.0f} s",
            flush=True,
        )


@app.command()
def limits() -> None:
    """What the limits in the metrics' modules are held against."""
    digits()
    plane()


def digits() -> None:
    import torch
    from dgm.data import load_digits
    from dgm.metrics import digit_distance
    from dgm.quality import digit_samples

    train, test = load_digits("train")[0], load_digits("test")[0]
    ratios = digit_samples.copy_ratios(test, digit_samples.patterns_of(train))
    quantiles = torch.tensor([0.0, 0.001, 0.01, 0.1, 0.5])
    shown = " ".join(f"{value:.3f}" for value in ratios.quantile(quantiles))
    print(f"copy ratios of test digits (least, 0.1%, 1%, 10%, half): {shown}")
    real = digit_samples.patterns_of(torch.cat([train, test]))
    for name, images in made_from(train).items():
        found = digit_samples.copy_ratios(images, real)
        n_copies = int((found < digit_samples.COPY_RATIO).sum())
        shown = " ".join(f"{value:.2f}" for value in found.quantile(1 - quantiles))
        print(
            f"{name}: distance {digit_distance(images, test):.1f}, {n_copies} of {len(images)} "
            f"copies, {int(digit_samples.repeated(images).sum())} repeats; ratios (largest, ..., "
            f"half) {shown}"
        )
    print(f"repeats among the test digits: {int(digit_samples.repeated(test).sum())}")


def made_from(train: Any) -> dict[str, Any]:
    """Samples that were not drawn by a model, from training digits."""
    import torch
    from torch.nn import functional as F

    chance = torch.Generator().manual_seed(0)
    some = train[torch.randperm(len(train), generator=chance)[:1000]]
    others = train[torch.randperm(len(train), generator=chance)[:1000]]

    def noisy(width: float) -> Any:
        return (some + width * torch.randn(some.shape, generator=chance)).clamp(-1, 1)

    def turned(degrees: float, scale: float = 1.0) -> Any:
        angle = torch.tensor(degrees).deg2rad()
        turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).view(2, 2)
        matrix = torch.cat([scale * turn, torch.zeros(2, 1)], dim=1).expand(1000, 2, 3)
        grid = F.affine_grid(matrix, list(some.shape), align_corners=False)
        return F.grid_sample(some + 1, grid, align_corners=False) - 1

    return {
        "copies": some,
        "copies, noise 0.1": noisy(0.1),
        "copies, noise 0.2": noisy(0.2),
        "copies, noise 0.4": noisy(0.4),
        "copies, noise 0.8": noisy(0.8),
        "copies, moved by a pixel": torch.roll(some, (1, -1), (2, 3)),
        "copies, moved by two pixels": torch.roll(some, (2, 0), (2, 3)),
        "copies, half as bright": 0.5 * (some + 1) - 1,
        "copies, blurred": F.avg_pool2d(some, 3, 1, 1),
        "copies, turned by 5 degrees": turned(5.0),
        "copies, turned by 10 degrees": turned(10.0),
        "copies, a tenth smaller": turned(0.0, 1.1),
        "means of two": (some + others) / 2,
        "ten digits, a hundred times each": some[:10].repeat(100, 1, 1, 1),
        "one digit": some[:1].repeat(1000, 1, 1, 1),
        "noise": 2 * torch.rand(some.shape, generator=chance) - 1,
    }


def plane() -> None:
    import torch
    from dgm.plane import grid_points
    from dgm.quality import plane_density as metric

    grid = grid_points(metric.REACH, 201)
    for name, make in metric.PLANES.items():
        made = make()
        table = made.log_density(grid.double()).clamp_min(-60.0).view(201, 201)
        log_q, log_mass = metric.normalised(table)
        values, apart, surprise = [], [], []
        for seed in range(20):
            draws = made.sample(metric.N_DRAWS, seed).double()
            log_p = made.log_density(draws)
            values.append(float((log_p - metric.interpolate(log_q, draws)).mean()))
            mine = made.sample(2000, 1000 + seed).double()
            apart.append(metric.energy_distance(mine, metric.draw(log_q, 2000, seed)))
            surprise.append(metric.expected(log_q) - float(metric.interpolate(log_q, mine).mean()))
        print(
            f"{name}: the true density has {min(values):.4f} to {max(values):.4f} nats over 20 "
            f"seeds, integral {torch.tensor(log_mass).exp():.4f}; its own samples disagree by "
            f"{min(apart):.4f} to {max(apart):.4f}, surprise {min(surprise):.3f} to "
            f"{max(surprise):.3f}"
        )
        mine = made.sample(2000, 7).double()
        drawn = metric.draw(log_q, 2000, 0)
        changed = {
            "times 0.9": 0.9 * mine,
            "times 0.8": 0.8 * mine,
            "moved by 0.1": mine + 0.1,
            "moved by 0.2": mine + 0.2,
            "upside down": mine * torch.tensor([1.0, -1.0]),
            "noise 0.1": mine + 0.1 * torch.randn(mine.shape, dtype=mine.dtype),
            "one half only": mine[mine[:, 1] > 0].repeat(3, 1)[:2000],
            "a point": mine[:1].expand(2000, 2),
        }
        shown = ", ".join(
            f"{what} {metric.energy_distance(points, drawn):.3f} and "
            f"{metric.expected(log_q) - float(metric.interpolate(log_q, points).mean()):.2f}"
            for what, points in changed.items()
        )
        print(f"  other samples, disagreement and surprise: {shown}")


if __name__ == "__main__":
    app()
