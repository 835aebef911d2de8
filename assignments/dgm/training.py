"""Devices, seeds, how long to train, and the loop itself, with checkpoints and weight averages.

`adam`, `fit`, `evaluate`, `keep` and `over_seeds` are what every experiment of the labs needs.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

FAST_DIVISOR = 200
FINITE_EVERY = 100


def choose_device() -> torch.device:
    """$DGM_DEVICE when it is set, else the first CUDA device, else the CPU."""
    return torch.device(
        os.environ.get("DGM_DEVICE") or ("cuda" if torch.cuda.is_available() else "cpu")
    )


def seed_everything(seed: int) -> None:
    """Seed Python, numpy and torch on every device."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


@dataclass(frozen=True)
class Settings:
    """How much to train and where.

    fast: a few iterations only, to see that everything runs ($DGM_FAST=1). scale: times as many iterations and sqrt(scale) times as wide
    networks, for a GPU ($DGM_SCALE=4). device: see choose_device.
    """

    fast: bool = field(default_factory=lambda: os.environ.get("DGM_FAST", "") not in ("", "0"))
    scale: float = field(default_factory=lambda: float(os.environ.get("DGM_SCALE") or 1.0))
    device: torch.device = field(default_factory=choose_device)

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise ValueError(f"scale must be positive, not {self.scale}")

    def iterations(self, n: int) -> int:
        """`n` iterations, scaled; one in two hundred of them (but at least one) in fast mode. Also for the interval of a callback."""
        return max(1, n // FAST_DIVISOR) if self.fast else max(1, round(n * self.scale))

    def width(self, n: int) -> int:
        """`n` channels or hidden units, times the square root of the scale (never fewer than `n`)."""
        return n if self.fast else max(n, round(n * self.scale**0.5))


class History:
    """Losses by name, one number per iteration: history["loss"] is a list of floats."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = {}
        self._pending: list[dict[str, Tensor | float]] = []

    def record(self, losses: Mapping[str, Tensor | float]) -> None:
        # Tensors are kept as they are: reading each one at once would make a GPU wait at every iteration.
        self._pending.append(
            {
                name: loss.detach() if isinstance(loss, Tensor) else float(loss)
                for name, loss in losses.items()
            }
        )

    def flush(self) -> None:
        """Read what is pending. Raises FloatingPointError at the first value that is not finite."""
        pending, self._pending = self._pending, []
        for losses in pending:
            for name, loss in losses.items():
                values = self._values.setdefault(name, [])
                values.append(float(loss))
                if not np.isfinite(values[-1]):
                    raise FloatingPointError(
                        f"{name} became {values[-1]} at iteration {len(values)}; lower the learning rate, or look for a log of 0"
                    )

    def __getitem__(self, name: str) -> list[float]:
        self.flush()
        return self._values[name]

    @property
    def names(self) -> list[str]:
        self.flush()
        return list(self._values)


@contextmanager
def evaluating(*modules: nn.Module) -> Iterator[None]:
    """In this block the modules are in evaluation mode and nothing is recorded for gradients; after it they are as they were."""
    were_training = [module.training for module in modules]
    try:
        for module in modules:
            module.eval()
        with torch.no_grad():
            yield
    finally:
        for module, was_training in zip(modules, were_training, strict=True):
            module.train(was_training)


Step = Callable[[int], Mapping[str, Tensor | float]]


def train(
    step: Step,
    n_iterations: int,
    *,
    every: int = 1000,
    callback: Callable[[int], object] | None = None,
    description: str = "training",
) -> History:
    """Call `step(i)` for i = 0..n_iterations-1 under a progress bar and keep the losses that it returns by name.

    `callback(i)` runs after every `every`-th step, i counting finished steps (every, 2 every, ...).
    Raises FloatingPointError, within a hundred iterations, when a loss is not finite.
    """
    from tqdm.auto import tqdm

    if every < 1:
        raise ValueError(f"every must be at least 1, not {every}")
    history = History()
    with tqdm(range(n_iterations), desc=description, unit="it", mininterval=0.5) as bar:
        for i in bar:
            history.record(step(i))
            if (i + 1) % FINITE_EVERY == 0:
                history.flush()
                bar.set_postfix(
                    {name: f"{history[name][-1]:.4g}" for name in history.names}, refresh=False
                )
            if callback is not None and (i + 1) % every == 0:
                callback(i + 1)
    history.flush()
    return history


class EMA:
    """Exponential moving average of a module's weights: averaged <- decay averaged + (1 - decay) current.

    The first updates use min(decay, (1 + n) / (10 + n)), so that the random initial weights are soon forgotten. Buffers of floats, such
    as the statistics of batch norm, are averaged in the same way (those of the current weights would not fit); others are copied.
    """

    def __init__(self, module: nn.Module, decay: float = 0.999) -> None:
        if not 0.0 <= decay < 1.0:
            raise ValueError(f"decay must lie in [0, 1), not {decay}")
        self.decay = decay
        self.n_updates = 0
        self.module = copy.deepcopy(module).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Take in the current weights; call after each optimiser step."""
        decay = min(self.decay, (1 + self.n_updates) / (10 + self.n_updates))
        self.n_updates += 1
        now = (*module.parameters(), *module.buffers())
        for averaged, current in zip(
            (*self.module.parameters(), *self.module.buffers()), now, strict=True
        ):
            if averaged.is_floating_point():
                averaged.lerp_(current, 1.0 - decay)
            else:
                averaged.copy_(current)


def save_checkpoint(
    path: str | Path,
    module: nn.Module,
    metadata: Mapping[str, str] | None = None,
    *,
    dtype: torch.dtype | None = None,
) -> Path:
    """Write a module's weights and buffers as safetensors, whole or not at all; makes the folder. Returns the path.

    dtype: the float type in the file (torch.float16 halves it), the module's own by default; whole numbers stay as they are.
    """
    tensors = {
        name: tensor.to(dtype) if dtype is not None and tensor.is_floating_point() else tensor
        for name, tensor in module.state_dict().items()
    }
    return _save(Path(path), tensors, metadata)


def _save(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None) -> Path:
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    # Clones: safetensors refuses tensors that share memory.
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    partial = path.with_name(f".{path.name}.partial")
    save_file(plain, partial, metadata=dict(metadata) if metadata else None)
    partial.chmod(0o644)  # safetensors writes files that only their owner reads
    os.replace(partial, path)
    return path


def load_checkpoint(path: str | Path, module: nn.Module) -> nn.Module:
    """Fill a module of the same architecture from `save_checkpoint`'s file and return it; weights go to the module's device and dtype.

    Raises FileNotFoundError when there is no file, RuntimeError (torch's) when names or shapes differ.
    """
    from safetensors.torch import load_file

    if not Path(path).is_file():
        raise FileNotFoundError(
            f"there is no checkpoint {path}; run the cell that trains and saves it first"
        )
    module.load_state_dict(load_file(path))
    return module


def adam(
    *parts: nn.Module | Tensor, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999)
) -> torch.optim.Adam:
    """Adam over the parameters of modules, or over single tensors. Fused: one pass over the weights."""
    parameters = [
        p for part in parts for p in (part.parameters() if isinstance(part, nn.Module) else [part])
    ]
    return torch.optim.Adam(parameters, lr=lr, betas=betas, fused=True)


def channels_last(trial: Callable[..., Tensor], *networks: nn.Module) -> bool:
    """Let networks on the CPU convolve with the channels last in memory: training takes some 0.6 of the time. Returns whether they do.

    trial: called with copies of the networks, returns what training makes of them, with gradients. Where this fails, for example in
    code with `view`, which needs the usual order, the networks stay as they are. On other devices they do, too.
    """
    if any(p.device.type != "cpu" for network in networks for p in network.parameters()):
        return False
    copies = [copy.deepcopy(network).to(memory_format=torch.channels_last) for network in networks]
    try:
        trial(*copies).sum().backward()
    except RuntimeError:
        return False
    for network in networks:
        network.to(memory_format=torch.channels_last)
    return True


def slope_penalty(judge: Callable[[Tensor], Tensor], x: Tensor, step: float = 0.1) -> Tensor:
    """How steep a discriminator is at x: the mean of |gradient|^2, a scalar that it can learn from, up to O(step^2).

    judge: (B, ...) to (B,) or (B, 1). The slope is measured: between two points, a step up and a step down the steepest way.
    """
    here = x.detach()
    leaf = here.clone().requires_grad_()
    (uphill,) = torch.autograd.grad(judge(leaf).sum(), leaf)
    length = uphill.flatten(1).norm(dim=1).clamp(min=1e-12).view(-1, *[1] * (x.ndim - 1))
    away = step * uphill / length
    rise = judge(here + away) - judge(here - away)
    return (rise / (2 * step)).square().mean()


def fit(
    name: str,
    step: Step,
    n_iterations: int,
    draw: Callable[[], Tensor],
    *,
    every: int = 1000,
    first: str | None = "untrained",
    seed: int = 0,
) -> tuple[History, dict[str, Tensor]]:
    """Train, as `train` does, and draw on the way: what the model makes before, and after each `every` iterations.

    name: for the progress bar. draw: what to look at, such as samples. It always starts from the
    same random state, `seed`, and the random numbers of the training don't depend on it.
    first: what the drawing before the training is called; None: there is none.
    Returns the losses, and the drawings by "untrained", "1,000 iterations", ... in order.
    """
    stages = {} if first is None else {first: _same_draw(draw, seed)}
    history = train(
        step,
        n_iterations,
        every=every,
        callback=lambda i: stages.update({f"{i:,} iterations": _same_draw(draw, seed)}),
        description=name,
    )
    return history, stages


def _same_draw(draw: Callable[[], Tensor], seed: int) -> Tensor:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return draw()


def evaluate(function: Callable[[Tensor], Tensor], inputs: Tensor, *, portion: int = 250) -> Tensor:
    """function(inputs) without gradients and, if it is a module, in evaluation mode; `portion` rows at a time.

    In evaluation mode no row depends on the others, so the portions do not show.
    """
    modules = [function] if isinstance(function, nn.Module) else []
    with evaluating(*modules):
        return torch.cat([function(part) for part in inputs.split(portion)])


def keep(
    name: str,
    module: nn.Module | None = None,
    /,
    *,
    sizes: Mapping[str, int] | None = None,
    **parts: nn.Module,
) -> Path:
    """Save a trained module, or several by name, in half precision as artifacts/<name>.safetensors. Returns the path.

    sizes: what the module was built with; stands in the file's metadata.
    """
    if (module is None) == (not parts):
        raise ValueError(
            "keep takes one module, or several by name: keep('vae', encoder=..., decoder=...)"
        )
    path = save_checkpoint(
        f"artifacts/{name}.safetensors",
        nn.ModuleDict(parts) if module is None else module,
        {size: str(value) for size, value in (sizes or {}).items()},
        dtype=torch.float16,
    )
    print(f"saved {path}")
    return path


def keep_tensors(
    name: str, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> Path:
    """Save tensors, such as samples, as they are in artifacts/<name>.safetensors. Returns the path."""
    path = _save(Path("artifacts") / f"{name}.safetensors", tensors, metadata)
    print(f"saved {path}")
    return path


def over_seeds(
    run: Callable[[int], Mapping[str, float]], seeds: Iterable[int], *, description: str = "seeds"
) -> dict[str, np.ndarray]:
    """Call run(seed) for each seed, seeding everything before, and collect its numbers: {name: array (n_seeds,)}.

    One run says little about which of two models is better; the spread over seeds says how little.
    """
    from tqdm.auto import tqdm

    results = []
    for seed in tqdm(list(seeds), desc=description, unit="run"):
        seed_everything(seed)
        results.append({name: float(value) for name, value in run(seed).items()})
    if not results:
        raise ValueError("at least one seed is needed")
    return {name: np.array([result[name] for result in results]) for name in results[0]}
