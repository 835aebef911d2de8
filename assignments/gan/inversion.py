# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Generative adversarial networks: inversion
#
# A generator makes an image from a code. *Inversion* goes the other way: given an image, find the code that makes it. An
# auto-encoder has a network for that; a GAN has none, so each image costs an optimisation of its own. What comes back is a
# picture of the generator's range: what it can draw, what it cannot, and what it draws instead. In the first part of this
# notebook you write four short functions. In the second you invert your own generators of digits and faces, edit a face
# through its code, and set the GAN beside the models of the first assignment.
#
# **Run `dcgan.ipynb` first**: this notebook loads the two generators that it saves in `artifacts/`.
#
# **Goals.** After this notebook you can
#
# * find the code of an image by descent through a frozen generator, from one start and from several;
# * separate what a search did not find from what a generator cannot draw;
# * edit a face through its code, and say what limits such edits;
# * compare a GAN with auto-encoders by samples and by reconstructions.
#
# **Hours.** About six hours: one and a half for the functions, one for reading, three and a half for the three experiments and their
# analyses. The computer works for about three minutes on two cores.
#
# **Reading.**
#
# * Prince (2023), *Understanding Deep Learning*, chapter 15: [udlbook.github.io](https://udlbook.github.io/udlbook/)
# * Creswell and Bharath (2016), *Inverting the generator of a generative adversarial network* ([arXiv:1611.05644](https://arxiv.org/abs/1611.05644))
# * Abdal, Qin and Wonka (2019), *Image2StyleGAN* ([arXiv:1904.03189](https://arxiv.org/abs/1904.03189))
# * Zhu et al. (2016), *Generative visual manipulation on the natural image manifold* ([arXiv:1609.03552](https://arxiv.org/abs/1609.03552))
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a **check
# cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape and sign;
# the hidden checks that make the grade look at values, side effects and hard inputs too. You may add cells, helper functions
# and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dgm.check import visible_checks
from dgm.plots import picture
from dgm.training import evaluating

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $G$ | `generator` | a trained generator, a `torch.nn.Module` | `(B, K)` to the shape of `x` |
# | $x$ | `x` | images to invert, in $[-1, 1]$ | `(B, C, H, W)`, or `(B, D)` in the checks |
# | $z$ | `z` | codes (latents); in training $z \sim N(0, I)$ | `(B, K)` |
# | $e$ | `error` | squared error of an image, **summed over channels and pixels** | `(B,)` |
# | $a$ | `attributes`, `has` | yes/no attributes as 0.0 and 1.0 | `(N, A)`, `(N,)` |
#
# * Random numbers are arguments: your functions draw none.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go on
#   the input's device, for example `torch.zeros_like(x)` or `torch.eye(K, dtype=x.dtype, device=x.device)`. A result with
#   several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument, as the formula has them, unless a question says otherwise. They are
#   finite wherever the formula's are. If no input needs gradients, the result keeps no graph.
# * **Sizes**: a batch may hold one sample, and a vector one feature. Keep the axes that the shapes name (`squeeze()` without
#   an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), lists and dicts, and whether they need gradients. A
#   function keeps nothing from one call for the next.
# * **Training steps** run a network once over each batch that they need, real and fake in passes of their own (batch norm takes
#   its statistics from each pass). They change what they say and nothing else: every other parameter, gradient and buffer,
#   the mode of a network (`train`, `eval`) and `requires_grad` stay as they were.
# * Questions stand alone: a mistake in one costs nothing in another, even where a function calls an earlier one.

# %% [markdown]
# ## 1. Inversion
#
# For a given image $x$ we want the code with $G(z) = x$. There may be none, so we ask for the best one, and descend:
#
# $$\hat z = \arg\min_z \; e(z), \qquad e(z) = \lVert G(z) - x \rVert^2$$
#
# The generator is trained and stays as it is; the code alone moves. (Zhu et al. 2016, "Generative visual manipulation
# on the natural image manifold", edit photographs on this principle, and Abdal et al. 2019, "Image2StyleGAN", with a
# generator of faces.) In a batch, every image has a code of its own, and the sum of their errors may be differentiated
# at once: $e_i$ depends on $z_i$ only. Use `torch.optim.Adam` with the given learning rate and its other settings as
# they are. Adam divides a gradient by its own size, so it makes hardly any difference whether you sum or average the
# squares; a root or an absolute value in place of the square does make one.
#
# Mind what else a backward pass touches. The generator comes in whatever mode its owner left it, perhaps in the middle of
# training. In training mode, batch norm would make every image depend on the others of the batch, and would move its running
# statistics. And the generator's parameters would collect gradients, which its owner's next step would then use.


# %% answer="invert"
def invert(generator: nn.Module, x: Tensor, z_init: Tensor, n_steps: int, lr: float) -> Tensor:
    """Codes whose images are near x: n_steps of Adam on z, from z_init, on ||G(z_i) - x_i||^2 (images independent of each other).

    generator: maps (B, K) to the shape of x, all its modules in one mode; x: (B, ...); z_init: (B, K); lr: the learning rate; Adam's
    other settings are torch's defaults.
    Returns z: (B, K) after the last step, without a graph; with n_steps = 0 this is z_init. The generator is in evaluation mode meanwhile.
    Afterwards it is as it was: mode, parameters, buffers, and for each parameter .grad and requires_grad. No gradient flows
    into z_init, which may need gradients itself.
    """
    ### BEGIN SOLUTION
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)  # a gradient for z alone
        optimizer.step()
    generator.train(was_training)
    return z.detach()
    ### END SOLUTION


# %% check="invert"
@visible_checks("invert")
def _():
    generator = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    x, z_init = torch.randn(4, 2), torch.randn(4, 2)
    start, weights = z_init.clone(), generator[0].weight.detach().clone()
    z = invert(generator, x, z_init, 5, 0.1)
    assert z.shape == (4, 2), f"one code for each image, shape (4, 2); yours has {tuple(z.shape)}"
    assert not z.requires_grad, "return the codes without their graph"
    assert torch.equal(z_init, start), "z_init itself was changed: work on a copy"
    assert not torch.equal(z, start), "the codes don't move"
    assert torch.equal(generator[0].weight, weights), (
        "the generator's weights changed: only z moves"
    )
    assert generator.training, "the generator came in training mode and must leave in it"
    assert torch.equal(invert(generator, x, z_init, 0, 0.1), start), (
        "without any step, the codes are those of z_init"
    )
    plane = nn.Linear(2, 2)
    with torch.no_grad():
        plane.weight.copy_(torch.eye(2))
        plane.bias.zero_()
    end = invert(plane, x, z_init, 300, 0.1)
    assert torch.allclose(end, x, atol=0.05), (
        "for a generator that copies its code, 300 steps should find the code that equals the image"
    )


# %% [markdown]
# The picture shows, for a small random network with two latents, how far the image of every code is from one given image,
# and where ten of your descents go. **Look for** starts that end in different valleys: nothing along the path of a run says
# that a deeper valley exists.

# %% train="inversion_valleys"
import matplotlib.pyplot as plt


class Sine(nn.Module):
    def forward(self, x):
        return x.sin()


@picture
def _():
    source = torch.Generator().manual_seed(4)
    network = nn.Sequential(nn.Linear(2, 12), Sine(), nn.Linear(12, 6))
    with torch.no_grad():
        for parameter, scale in zip(network.parameters(), (1.2, 1.0, 0.5, 0.5), strict=True):
            parameter.copy_(scale * torch.randn(parameter.shape, generator=source))
        own = torch.tensor([[0.8, -0.6]])
        axis = torch.linspace(-3, 3, 121)
        grid = torch.cartesian_prod(axis, axis)
        error = (network(grid) - network(own)).pow(2).sum(dim=1).view(121, 121).T
    x, starts = network(own).detach().expand(10, -1), 5 * torch.rand(10, 2, generator=source) - 2.5
    # The same start and the same number of steps give the same point, so a path is a row of calls.
    path = torch.stack([invert(network, x, starts, n, 0.03) for n in range(0, 160, 8)])
    figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
    filled = axes.contourf(axis, axis, error.sqrt(), levels=20)
    axes.plot(*path.unbind(dim=2), color="white", linewidth=1)
    axes.plot(*path[-1].T, "wo", markersize=5, label="ends")
    axes.plot(*own[0], "r*", markersize=14, label="the image's own code")
    axes.set(title="Ten inversions of one image", xlabel="$z_1$", ylabel="$z_2$")
    axes.set(xlim=(-3, 3), ylim=(-3, 3))
    axes.legend(loc="lower right")
    figure.colorbar(filled, label="distance of the images")
    plt.show()


# %% [markdown]
# ## 2. Several starts
#
# The remedy for valleys is plain: start from several codes and keep the best end. "Best" is meant image by image, since the
# start that suits one image need not suit its neighbour in the batch:
#
# $$r^*(i) = \arg\min_{r = 1..R} \lVert G(\hat z_i^{(r)}) - x_i \rVert^2$$
#
# The errors that are compared are those of the *final* codes, once more with the generator in evaluation mode.
# (`dgm.training.evaluating` is a context that puts modules into evaluation mode without gradients and puts them back.)


# %% answer="invert_with_restarts"
def invert_with_restarts(
    generator: nn.Module, x: Tensor, z_inits: Tensor, search: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """Search from R starts and keep, for each image, the code with the smallest error.

    x: (B, ...); z_inits: (R, B, K), z_inits[r] being the starts of run r; search: one inversion of all of x, from starts (B, K) to
    codes (B, K) without a graph, for example `lambda z_init: invert(generator, x, z_init, 300, 0.1)`; call it once for each run, where
    gradients are recorded, since it descends by them.
    Returns (z, error): z (B, K), the final code of each image's best run; error (B,), its squared error ||G(z_i) - x_i||^2, summed
    over all dimensions but the first. Both without a graph; the generator is left as it was, in all that `invert` names.
    """
    ### BEGIN SOLUTION
    ends = torch.stack([search(z_init) for z_init in z_inits])
    with evaluating(generator):
        errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error
    ### END SOLUTION


# %% check="invert_with_restarts"
@visible_checks("invert_with_restarts")
def _():
    copy = nn.Linear(2, 2)
    with torch.no_grad():
        copy.weight.copy_(torch.eye(2))
        copy.bias.zero_()
    x = torch.tensor([[0.0, 0.0], [5.0, 5.0], [0.0, 0.0]])
    z_inits = torch.stack([torch.zeros(3, 2), torch.full((3, 2), 4.0)])
    result = invert_with_restarts(copy, x, z_inits, lambda z_init: z_init)
    assert isinstance(result, tuple | list) and len(result) == 2, "return two things: (z, error)"
    z, error = result
    assert z.shape == (3, 2), f"one code for each image, shape (3, 2); yours has {tuple(z.shape)}"
    assert error.shape == (3,), (
        f"one error for each image, shape (3,); yours has {tuple(error.shape)}"
    )
    assert torch.allclose(z, torch.tensor([[0.0, 0.0], [4.0, 4.0], [0.0, 0.0]])), (
        "with a search that stays where it is, each image gets the start whose image is nearest to it"
    )
    assert torch.allclose(error, torch.tensor([0.0, 2.0, 0.0]), atol=1e-5), (
        "two pixels, each off by one, make an error of 2"
    )
    assert not z.requires_grad and not error.requires_grad, "return both without a graph"


# %% [markdown]
# ## 3. A direction for an attribute
#
# Codes can be added and scaled, so they allow a kind of arithmetic. Take the codes of images with an attribute (a smile,
# say) and of images without it. The difference of the two means is a direction along which, on average, the attribute
# changes (Radford et al. 2016 do arithmetic with mean codes of faces; Larsen et al. 2016 call such vectors attribute
# vectors):
#
# $$d = \frac{1}{|\{i : a_i = 1\}|} \sum_{i : a_i = 1} z_i \;-\; \frac{1}{|\{i : a_i = 0\}|} \sum_{i : a_i = 0} z_i$$
#
# The two groups are rarely of one size: each mean has its own count.


# %% answer="attribute_direction"
def attribute_direction(codes: Tensor, has: Tensor) -> Tensor:
    """Mean code of those with an attribute minus mean code of those without.

    codes: (N, K); has: (N,) of 0.0 and 1.0, of any float dtype, at least one of each. Returns (K,), in the dtype of codes.
    Gradients reach the codes; the marks only choose.
    """
    ### BEGIN SOLUTION
    return codes[has == 1].mean(dim=0) - codes[has == 0].mean(dim=0)
    ### END SOLUTION


# %% check="attribute_direction"
@visible_checks("attribute_direction")
def _():
    codes = torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 2.0]])
    direction = attribute_direction(codes, torch.tensor([1.0, 1.0, 0.0]))
    assert direction.shape == (2,), (
        f"one direction in the space of codes, shape (2,); yours has {tuple(direction.shape)}"
    )
    assert direction[0] > 0, "the direction leads from those without to those with the attribute"
    same = attribute_direction(torch.ones(4, 2), torch.tensor([1.0, 0.0, 0.0, 0.0]))
    assert torch.allclose(same, torch.zeros(2)), "where all codes are equal, there is no direction"


# %% [markdown]
# ## 4. Errors by attribute
#
# Which images does the generator fail on? If attributes are known, compare the mean error of the images without an attribute
# with that of the images with it:
#
# $$E_{a,0} = \text{mean of } e_i \text{ over } \{i : a_i = 0\}, \quad E_{a,1} = \text{mean of } e_i \text{ over } \{i : a_i = 1\}$$
#
# Where a group is empty, its mean is not a number, and the table must say so: a zero would read as a perfect reconstruction.


# %% answer="error_by_attribute"
def error_by_attribute(error: Tensor, attributes: Tensor) -> Tensor:
    """Mean error of the images without and of those with each attribute.

    error: (N,), any real numbers; attributes: (N, A) of 0.0 and 1.0, of any float dtype. Returns (A, 2) in the dtype of error:
    column 0 without, column 1 with; nan where no image is. It is a table to read: no gradients are asked for.
    """
    ### BEGIN SOLUTION
    return torch.stack(
        [
            torch.stack([error[column == 0].mean(), error[column == 1].mean()])
            for column in attributes.T
        ]
    )
    ### END SOLUTION


# %% check="error_by_attribute"
@visible_checks("error_by_attribute")
def _():
    error = torch.tensor([1.0, 2.0, 6.0])
    attributes = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    table = error_by_attribute(error, attributes)
    assert table.shape == (3, 2), (
        f"a row for each attribute and two columns, shape (3, 2); yours has {tuple(table.shape)}"
    )
    assert abs(float(table[0, 1]) - 1.0) < 1e-5, (
        "the only image with the first attribute has an error of 1: column 1 is for those with"
    )
    assert abs(float(table[0, 0]) - 4.0) < 1e-5, "two images without it, errors 2 and 6: mean 4"
    assert table[2, 1].isnan(), "nobody has the third attribute: that mean is nan"
    assert not table[2, 0].isnan(), "everybody is without the third attribute: that mean is known"


# %% [markdown]
# # Part two: experiments
#
# Now you invert the generators that you trained in `dcgan.ipynb`. You write the code in the answer cells; a locked cell runs
# it and draws; at the end you say in words what came out. The points lie in that analysis, and a person grades it with your
# figures in view, so hand the notebook in **with its outputs**. All cells together take about three minutes on two cores.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few steps, useless pictures) | `DGM_FAST=1` |
# | work with generators trained at `DGM_SCALE=4`, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the set-up cell instead.
#
# **Paste your `build_generator`** from `dcgan.ipynb`: the files in `artifacts/` hold weights, and weights need the
# architecture that they belong to.


# %% answer="dcgan_generator"
def build_generator(n_latent: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """Your DCGAN generator, as in dcgan.ipynb: z (B, n_latent) -> (B, n_channels, image_size, image_size) in [-1, 1]; image_size 28 or 64."""
    ### BEGIN SOLUTION
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())
    ### END SOLUTION


# %% train="inversion_setup"
from tqdm.auto import tqdm

from dgm import plots
from dgm.data import load_digits
from dgm.faces import BINARY, aligned, draw_faces, random_faces, sample_faces
from dgm.metrics import (
    attribute_accuracy,
    attributes_seen,
    digit_distance,
    digit_probabilities,
    face_probabilities,
)
from dgm.training import Settings, evaluate, load_checkpoint, seed_everything

settings = Settings()
device = settings.device
N_LATENT, WIDTH = 64, settings.width(32)  # those of dcgan.ipynb
FACE_LATENT, FACE_WIDTH = 64, settings.width(16)

x_train, y_train = (tensor.to(device) for tensor in load_digits("train"))
x_test, y_test = (tensor.to(device) for tensor in load_digits("test"))


def trained_generator(name, *sizes):
    """The generator of dcgan.ipynb with its trained weights, frozen, in evaluation mode."""
    generator = build_generator(*sizes).to(device)
    file = Path("artifacts") / f"{name}.safetensors"
    try:
        load_checkpoint(file, generator)
        print(f"{file}: loaded")
    except FileNotFoundError:
        words = (
            f"there is no {file}: run dcgan.ipynb first, to its end and in this folder (it trains the"
            " generators and saves them), then run this cell again"
        )
        if not settings.fast:
            raise FileNotFoundError(words) from None
        print(f"{words}. Fast mode goes on with an untrained generator: its pictures mean nothing")
    except RuntimeError as error:
        raise RuntimeError(
            f"{file} does not fit build_generator{sizes}: paste the very function that dcgan.ipynb trained,"
            " and use the same DGM_SCALE and the same fast or full mode in both notebooks"
        ) from error
    return generator.eval().requires_grad_(False)


def invert_all(generator, x, n_latent, n_restarts, n_steps, lr=0.1, portion=50):
    """Invert x (B, C, H, W) in portions. Returns (codes (B, K), errors (B,), errors of every run (R, B))."""
    codes, errors, runs = [], [], []
    with tqdm(total=n_restarts * -(-len(x) // portion), desc="inverting") as bar:
        for part in x.split(portion):
            ends, ends_error = [], []
            for _ in range(n_restarts):
                start = torch.randn(1, len(part), n_latent, device=x.device)
                z, error = invert_with_restarts(
                    generator, part, start, lambda z, x=part: invert(generator, x, z, n_steps, lr)
                )
                ends.append(z)
                ends_error.append(error)
                bar.update()
            # With no search at all, this picks the best of the codes that are there.
            z, error = invert_with_restarts(generator, part, torch.stack(ends), lambda z: z)
            codes.append(z)
            errors.append(error)
            runs.append(torch.stack(ends_error))
    return torch.cat(codes), torch.cat(errors), torch.cat(runs, dim=1)


digit_generator = trained_generator("dcgan_digits", N_LATENT, WIDTH, 28, 1)
face_generator = trained_generator("dcgan_faces", FACE_LATENT, FACE_WIDTH, 64, 3)
seed_everything(0)
plots.show_images(
    evaluate(digit_generator, torch.randn(24, N_LATENT, device=device)),
    "Samples of your digit generator",
    n_columns=12,
)
plots.show_images(
    evaluate(face_generator, torch.randn(12, FACE_LATENT, device=device)),
    "Samples of your face generator",
    n_columns=12,
)

# %% [markdown]
# ## 5. Experiment: inverting digits
#
# Four kinds of images go through your `invert_with_restarts`, each from three random starts $z \sim N(0, I)$:
#
# 1. **own samples**, $x = G(z)$ with $z$ known;
# 2. **test digits**, which the generator has never seen: ten of each class;
# 3. **faces**, grey and shrunk to 28x28: an image, but not one that the generator was trained for;
# 4. **noise**, uniform pixels.
#
# Errors are squared errors per image, summed over 784 pixels in $[-1, 1]$. To have a scale: the table also gives the error
# that is left when the *mean* of the same images stands in for each of them. **Look at the pairs of rows**: is it the same
# digit, and the same handwriting?

# %% train="inversion_digits_run"
seed_everything(1)
N_RESTARTS, N_STEPS = 3, settings.iterations(300)
per_class, n_others = (2, 5) if settings.fast else (10, 20)

rows = torch.cat([(y_test == digit).nonzero()[:per_class, 0] for digit in range(10)])
z_own = torch.randn(3 * per_class, N_LATENT, device=device)
kinds = {
    "own samples": evaluate(digit_generator, z_own),
    "test digits": x_test[rows],
    "faces": random_faces(n_others, seed=5, size=28, device=device)[0].mean(dim=1, keepdim=True),
    "noise": torch.rand(n_others, 1, 28, 28, device=device) * 2 - 1,
}
labels = y_test[rows]
began = time.perf_counter()
codes, error, runs = invert_all(
    digit_generator, torch.cat(list(kinds.values())), N_LATENT, N_RESTARTS, N_STEPS
)
seconds = (time.perf_counter() - began) / len(codes)
sizes = [len(images) for images in kinds.values()]
codes, error = (dict(zip(kinds, t.split(sizes), strict=True)) for t in (codes, error))
runs = dict(zip(kinds, runs.split(sizes, dim=1), strict=True))
inverted = {name: evaluate(digit_generator, z) for name, z in codes.items()}

every = slice(None, None, per_class)  # one digit of each class
shown = {}
for name, images in kinds.items():
    pick = every if name == "test digits" else slice(0, 10)
    shown |= {name: images[pick], f"{name}, inverted": inverted[name][pick]}
plots.show_rows(shown, "What comes back?")

print(
    f"{seconds:.2f} s per image ({N_RESTARTS} starts of {N_STEPS} steps)\n"
    f"{'':<14}{'error':>8}{'median':>8}{'of the mean image':>19}{'one start only':>16}{'worst/best run':>16}{'length of z':>13}"
)
for name, images in kinds.items():
    e, r = error[name], runs[name]
    about_mean = (images - images.mean(dim=0)).square().flatten(1).sum(dim=1).mean()
    print(
        f"{name:<14}{e.mean():>8.1f}{e.median():>8.1f}{about_mean:>19.1f}{r[0].mean():>16.1f}"
        f"{(r.amax(0) / r.amin(0)).median():>16.1f}{codes[name].norm(dim=1).mean():>13.1f}"
    )
off = (codes["own samples"] - z_own).norm(dim=1) / z_own.norm(dim=1)
print(
    f"length of a random code: {z_own.norm(dim=1).mean():.1f}. Own samples: the code found differs from the code used"
    f" by {off.median():.2f} of its length (median)"
)

# %% [markdown]
# How does the error fall? The curves repeat the first steps of the search for ten images of each kind: a call with more
# steps follows the same path further. On the right, what a further start brings. **Look for** the level on which a curve
# settles, and for the kinds that gain from further starts.

# %% train="inversion_digits_curves"
seed_everything(2)
steps = [*(n for n in (0, 1, 2, 5, 10, 20, 40, 80, 160) if n < N_STEPS), N_STEPS]
few = torch.cat([images[:10] for images in kinds.values()])
start = torch.randn(1, len(few), N_LATENT, device=device)
path = [
    invert_with_restarts(
        digit_generator, few, start, lambda z, n=n: invert(digit_generator, few, z, n, 0.1)
    )[1]
    for n in tqdm(steps)
]
few_sizes = [len(images[:10]) for images in kinds.values()]

figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
for name, curves in zip(kinds, torch.stack(path).split(few_sizes, dim=1), strict=True):
    left.plot(steps, curves.median(dim=1).values.cpu(), "o-", label=name)
    best = runs[name].cummin(dim=0).values.mean(dim=1).cpu()
    right.plot(range(1, len(best) + 1), best, "o-", label=name)
left.set(title="One start: median of ten images", xlabel="Adam steps", ylabel="squared error")
left.set(xscale="symlog", yscale="log")
right.set(title="Best of several starts: mean over all", xlabel="starts", ylabel="squared error")
right.set(yscale="log", xticks=range(1, N_RESTARTS + 1))
for ax in (left, right):
    ax.grid(alpha=0.3)
left.legend()
plt.show()

# %% [markdown]
# And which digits are hard? For each class, the mean error (your `error_by_attribute`, with the class as an attribute), and
# the share of reconstructions that the course's classifier still reads as the digit that went in. Below, the test digits
# with the smallest and with the largest errors.

# %% train="inversion_digits_classes"
one_hot = F.one_hot(labels, 10).float()
by_class = error_by_attribute(error["test digits"], one_hot)[:, 1].cpu()
read_before = digit_probabilities(kinds["test digits"]).argmax(dim=1)
read_after = digit_probabilities(inverted["test digits"]).argmax(dim=1)
kept = [float((read_after == labels)[labels == digit].float().mean()) for digit in range(10)]
samples = evaluate(digit_generator, torch.randn(1000, N_LATENT, device=device))
share = torch.bincount(digit_probabilities(samples).argmax(dim=1), minlength=10) / 1000

figure, axes = plt.subplots(1, 3, figsize=(13, 3.4), layout="constrained")
for ax, values, title, ylabel in zip(
    axes,
    (by_class, kept, share.cpu()),
    ("Error of test digits", "Still read as the same digit", "Classes of 1,000 samples"),
    ("squared error", "share", "share"),
    strict=True,
):
    ax.bar(range(10), values)
    ax.set(title=title, xlabel="digit", ylabel=ylabel, xticks=range(10))
plt.show()
print(
    f"read rightly by the classifier: {(read_before == labels).float().mean():.0%} of the test digits,"
    f" {(read_after == labels).float().mean():.0%} of their reconstructions"
)
order = error["test digits"].argsort()
for title, pick in (("Smallest errors", order[:12]), ("Largest errors", order[-12:])):
    plots.show_rows(
        {"test digit": kinds["test digits"][pick], "inverted": inverted["test digits"][pick]},
        title,
        columns=[f"{value:.0f}" for value in error["test digits"][pick].tolist()],
    )

# %% [markdown]
# **Analysis** (7 points). (a) What is reconstructed of a test digit, and what is not? Name features (identity, slant,
# thickness, stroke ends, ...) and point at examples. (b) Use the four kinds of images to separate two reasons for an error:
# the search did not find the best code, and there is no better code. Which share of the error of test digits is due to
# which, and how do you know? (c) Which classes are worst? Compare with the classes of the samples, and explain. (d) What
# does the generator make of faces and of noise, and what does this say about its range? (e) Compare the lengths of the codes
# found with those of random codes. What does a long code mean?
#
# *Limit: 600 words, a formula counting as one.*

# %% [markdown] analysis="inversion_digits"
# ### BEGIN SOLUTION
# (a) Almost everything comes back. All ten digits in the rows keep their class, slant, size, thickness and the course of
# their strokes, even the blotted 9. The mean error is 9.7, or 4% of what the mean image leaves (218); the median is 6.5,
# and the classifier reads 98% of the reconstructions as the digit that went in (97% of the digits themselves). What is lost
# is in the row of the largest errors: unusual shapes. The thin 2 loses its tail, a stray stroke grows at the belly of the wide 5,
# and the 6 with the far stem (error 87) becomes a circle with a ring in it.
#
# (b) For an own sample a code with error 0 exists. One start leaves 19.1, the best of three 1.4 (median 1.0, and the curve
# still falls at 300 steps): that much is the search's fault. Test digits fall from 22.1 to 9.7 (median 6.5) with the same
# search, and their curve flattens earlier. If the search fails them as much as the own samples, 1 or 2 of the 9.7 are due
# to it and 8, more than three quarters, to the range: no code makes that image. It is an estimate: the third start still helps the
# test digits, so their share of the search may be a little larger. The codes of the own samples are not recovered (off by
# their whole length) though the images are: many directions of z hardly change the image.
#
# (c) The worst are 6 (16), 2 (14) and 4 (14), the best 1 (2) and 7 (4). 4 is by far the rarest class of the samples (3%, a
# tenth in the data) and 2 is rare (6%): the generator has learnt few ways to draw them. But rare is not all: 1 is rare as
# well (3.5%) and the easiest, one stroke with few ways to vary; and 6 (8%) owes its place to one
# image of ten, without which its mean would be 8.
#
# (d) Both are answered with thick white strokes on black that follow the brightest parts. The errors, 482 and 638, hardly
# fall with further starts and are far above what the mean image leaves (79 and 248). Grey areas and backgrounds never
# occurred in training, so the range has none. Sixty-four free numbers alone are no reason for a small error, then: the range
# is a thin set close to digits.
#
# (e) A random code has a length near 8 (8.2 here, and in 64 dimensions nearly never below 6 or above 10). The codes found
# have 9.2 for own samples, 11.0 for test digits, 21 for noise and 28 for faces. The farther an image is from what the
# generator makes, the farther the search leaves the region in which the generator was trained. A good reconstruction there
# says that the network continues well, and not that the image is likely: a draw from N(0, I) practically never gives such a
# code.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 2 points: what is kept and what is lost, with named features and examples in the figures (kept as a rule: class, slant,
#   size, course of the main strokes; lost: unusual strokes, ends and hooks, exact thickness); 1 point for a general
#   statement without examples.
# - 2 points: own samples have a code with error 0, so their error is the search's alone, and further starts lower it; the
#   excess of the test digits over it is the generator's range. Numbers from the table or the curves.
# - 1 point: names the worst classes from the figure and explains them (class rare or missing among the samples, variety
#   within the class, length of the strokes), whatever the student's generator shows.
# - 1 point: faces and noise are answered with strokes, at errors (far) above that of their mean image; the range is a thin
#   set near the training digits, whatever the number of latents.
# - 1 point: codes found are longer than random ones (or, for the own samples, are not); a long code lies where the prior has
#   almost no mass and the generator was hardly trained, so a good reconstruction there does not make the image likely.
# ### END MARK SCHEME

# %% [markdown]
# ## 6. Experiment: inverting faces, and editing one
#
# The faces of `dgm.faces` are drawn from known attributes, so that we can ask for each attribute whether inversion keeps it.
# The faces here are aligned as those of the training were, and have a seed that no training used. (If `CelebA64.npy` lay beside `dcgan.ipynb`, your generator draws
# photographs and can't draw these faces: run that notebook's faces again without the file.) Three measures:
#
# * the **error** of faces without and with an attribute (your `error_by_attribute`);
# * the **presence** of the attribute. The same face is drawn once without it, $x^-$, and once with it, $x^+$; an image $y$
#   is then measured along the difference:
#   $$p(y) = \frac{\langle y - x^-, \; x^+ - x^- \rangle}{\lVert x^+ - x^- \rVert^2}$$
#   It is 0 for $x^-$ and 1 for $x^+$. A reconstruction that keeps the attribute has a presence near 0 for faces without
#   it and near 1 for faces with it; one that ignores it has the same presence for both;
# * what the course's **classifier** of faces sees: the share of reconstructions in which it is right about the attribute
#   (in the drawn faces themselves it is right in 99.8% or more).
#
# **Look at** the pairs of rows first, and note what changes. The map shows where the error lies.

# %% train="inversion_faces_run"
seed_everything(3)
N_FACES, FACE_RESTARTS, FACE_STEPS = (20 if settings.fast else 120), 2, settings.iterations(200)
faces = aligned(sample_faces(N_FACES, seed=2024)).to(device)
face_images = draw_faces(faces)
face_codes, face_error, _ = invert_all(
    face_generator, face_images, FACE_LATENT, FACE_RESTARTS, FACE_STEPS
)
face_inverted = evaluate(face_generator, face_codes)


def other_way_round(faces, name):
    """The same faces drawn with one attribute switched: on where it was off, off where it was on."""
    binary = faces.binary.clone()
    binary[:, BINARY.index(name)] = 1 - binary[:, BINARY.index(name)]
    switched = replace(faces, binary=binary)
    on = switched.has(name) == 1
    if name == "smiling":  # a smile is more than one number of a face
        switched = replace(
            switched,
            smile=torch.where(on, 0.095, -0.01),
            mouth_width=faces.mouth_width + torch.where(on, 0.03, -0.03),
            mouth_open=torch.zeros_like(faces.mouth_open),
        )
    if name == "dark_hair":
        dark, light = (faces.hair[faces.has(name) == value].mean(dim=0) for value in (1, 0))
        switched = replace(switched, hair=torch.where(on[:, None], dark, light))
    return draw_faces(switched)


switched_images = {name: other_way_round(faces, name) for name in BINARY}


def presence(images, name, pick=slice(None)):
    """0 for images like the faces without the attribute, 1 for images like the faces with it: (N,)."""
    has = (faces.has(name)[pick] == 1)[:, None]
    as_is, switched = face_images[pick].flatten(1), switched_images[name][pick].flatten(1)
    plus, minus = torch.where(has, as_is, switched), torch.where(has, switched, as_is)
    along = plus - minus
    return ((images.flatten(1) - minus) * along).sum(dim=1) / along.square().sum(dim=1)


pick = slice(0, 12)
plots.show_rows(
    {"face": face_images[pick], "inverted": face_inverted[pick]}, "Faces that no training has seen"
)
worst = face_error.argsort()[-12:]
plots.show_rows(
    {"face": face_images[worst], "inverted": face_inverted[worst]}, "The largest errors"
)
figure, axes = plt.subplots(figsize=(4.2, 3.4), layout="constrained")
where = (face_inverted - face_images).square().mean(dim=(0, 1)).sqrt().cpu()
drawn = axes.imshow(where)
axes.set(title="Root mean square error of a pixel", xticks=[], yticks=[])
figure.colorbar(drawn, label="pixels lie in [-1, 1]")
plt.show()

about_mean = (face_images - face_images.mean(dim=0)).square().flatten(1).sum(dim=1).mean()
print(
    f"squared error per face {face_error.mean():.0f}; of the mean face {about_mean:.0f};"
    f" length of the codes {face_codes.norm(dim=1).mean():.1f}, of random ones {FACE_LATENT**0.5:.1f}\n"
)
table = error_by_attribute(face_error, faces.binary)
print(
    f"{'':<12}{'faces with':>11}{'error without':>15}{'with':>7}{'presence without':>18}{'with':>7}{'classifier right':>18}"
)
right = attribute_accuracy(face_probabilities(face_inverted), faces.binary)
for name, (without, with_it), rate in zip(BINARY, table.tolist(), right.tolist(), strict=True):
    has, p = faces.has(name) == 1, presence(face_inverted, name)
    print(
        f"{name:<12}{int(has.sum()):>11}{without:>15.0f}{with_it:>7.0f}{p[~has].mean():>18.2f}"
        f"{p[has].mean():>7.2f}{rate:>18.0%}"
    )

# %% [markdown]
# ### Editing a face
#
# Now an edit. Invert a face, move its code along the direction of an attribute, and generate:
#
# $$y_s = G(\hat z + s \, d)$$
#
# A direction asks for codes of which one knows whether their faces have the attribute. The generator makes any number of
# them: draw random codes, let the classifier say what it sees in their images, and hand both to your `attribute_direction`
# (as Shen et al. 2020 do, "Interpreting the latent space of GANs for semantic face editing"). No face that is edited has a
# part in it. **Write the edit.**


# %% answer="edit"
def edit(generator: nn.Module, z: Tensor, direction: Tensor, strengths: Tensor) -> Tensor:
    """Images G(z_i + s direction) for every strength s: z (B, K), direction (K,), strengths (S,) -> (S, B, C, H, W).

    In evaluation mode, without gradients; the generator is left as it was.
    """
    ### BEGIN SOLUTION
    with evaluating(generator):
        return torch.stack([generator(z + s * direction) for s in strengths])
    ### END SOLUTION


# %% [markdown]
# The strips show a face for each of three attributes: the face, its inversion ($s = 0$), and three strengths. In the last
# row, the *change* $G(\hat z + s d) - G(\hat z)$ is added to the face itself instead, so that what inversion lost stays.
# **Look for** what changes along with the attribute, and for traces of the old face under the new one.

# %% train="inversion_faces_edits"
seed_everything(5)
z_many = torch.randn(200 if settings.fast else 4000, FACE_LATENT, device=device)
sees = attributes_seen(evaluate(face_generator, z_many))
print(
    "the classifier sees, in samples, "
    + ", ".join(
        f"{name.replace('_', ' ')} {share:.0%}"
        for name, share in zip(BINARY, sees.mean(dim=0).tolist(), strict=True)
    )
)
directions = {
    name: attribute_direction(z_many, has) for name, has in zip(BINARY, sees.T, strict=True)
}
strengths = torch.tensor([0.0, 0.5, 1.0, 2.0], device=device)
for name in ("smiling", "glasses", "dark_hair"):
    without = ((faces.has(name) == 0) & (faces.has("hat") == 0)).nonzero()[
        :, 0
    ]  # a hat covers hair
    i = without[face_error[without].argmin()]  # the one whose inversion is best
    strip = edit(face_generator, face_codes[i][None], directions[name], strengths)[:, 0]
    plots.show_rows(
        {
            "G(z + s d)": torch.cat([face_images[i][None], strip]),
            "face + change": torch.cat([face_images[i][None], face_images[i] + strip - strip[0]]),
        },
        f"Towards {name.replace('_', ' ')}",
        columns=["face", *(f"s = {s:g}" for s in strengths.tolist())],
    )

effect = torch.full((len(BINARY), len(BINARY)), float("nan"))
print(
    f"\n{'share in which the classifier sees it, s =':<42}" + "".join(f"{s:>6g}" for s in strengths)
)
for row, name in enumerate(BINARY):
    chosen = (faces.has(name) == 0).nonzero()[:, 0]
    images = edit(face_generator, face_codes[chosen], directions[name], strengths)
    seen = [attributes_seen(some).mean(dim=0) for some in images]
    print(f"{name:<42}" + "".join(f"{share[row]:>6.0%}" for share in seen))
    effect[row] = seen[2] - seen[0]
names = [name.replace("_", " ") for name in BINARY]
figure, axes = plt.subplots(figsize=(6, 4.6), layout="constrained")
drawn = axes.imshow(effect, cmap="RdBu_r", vmin=-1, vmax=1)
for row, column in torch.cartesian_prod(torch.arange(6), torch.arange(6)).tolist():
    value = float(effect[row, column])
    axes.text(
        *(column, row, f"{value:.2f}"),
        ha="center",
        va="center",
        fontsize=8,
        color="white" if abs(value) > 0.6 else "black",
    )
axes.set_xticks(range(6), names, rotation=30)
axes.set_yticks(range(6), names)
axes.set(
    title="What the classifier sees, after an edit of strength 1", xlabel="seen", ylabel="edited"
)
figure.colorbar(drawn, label="change of the share of faces")
plt.show()

# %% [markdown]
# **Analysis** (7 points). (a) Which attributes survive inversion and which are lost? Use the table (errors *and* presence, or the
# classifier; say why the errors alone would mislead) and the pictures. (b) Explain why: size of the attribute in pixels, how
# often it occurs in training, what the discriminator looks at, what the squared error weighs. (c) Which edits work, on faces
# that had no part in the direction, and what changes along with them? Explain an entry off the diagonal of the figure. (d)
# Compare the two rows of the strips. What limits the editing of a real photograph with a GAN?
#
# *Limit: 600 words, a formula counting as one.*

# %% [markdown] analysis="inversion_faces"
# ### BEGIN SOLUTION
# (a) Most comes back: background, skin, hair, shirt (orange or blue for nearly everybody), often the glasses; the person's
# own look does not. By presence, without against with: dark hair (0.03, 0.90), long hair (0.07, 0.81), hat (0.08, 0.79),
# glasses (0.09, 0.75) and beard (0.06, 0.74) survive, and the classifier is right about them in 95% or more. The smile is lost
# (0.29, 0.34; right in 50%, as a coin is). Some hats survive only as a colour: under "largest errors" blue caps stay,
# but a white one becomes white hair, and in the first figure a red cap becomes red hair. The errors alone would mislead. Smiling
# faces have hardly a larger error than others (344, 333) although the smile is gone; faces with a beard or a hat have one that is
# larger by some 80, although these are kept: such faces are harder as a whole. With long hair it is smaller (311, 361).
#
# (b) Two reasons. The squared error counts pixels: hair, hats and beards are hundreds of them, a mouth a few dozen, so the
# search spends its 64 numbers on the areas; of what is small, the rims of glasses are at least black on skin. And the range:
# in the samples most mouths are lines, and an open one with teeth is rare. A mouth gives a sample away to D less than its
# outlines and colours do, so G has learned these first. What it can't draw, no search can
# find. The map agrees: the largest errors are in the whites of the eyes and in the open mouth, then the edge of
# hair and jaw, which must be met exactly; the background has the smallest.
#
# (c) At strength 1 the classifier sees the attribute in 90% of the faces for dark hair, 84% for long hair, 80% for glasses, 61% for
# a beard and only 22% for the hat (hats have many colours, so the mean of their codes points to none of them), from 0 to 4% before.
# Smiling goes from 48% to 82%, but it began at half, and in the strip the skin darkens first and teeth come at strength 2. Off the
# diagonal, the beard edit takes long
# hair away (-0.41), which never comes with a beard in the data, and long hair the beard (-0.18). The hat takes glasses away
# (-0.37): these do not exclude each other in the data, so that is the generator's own habit: it seldom combines them. A beard
# "adds" a smile (+0.47): the mouth is bright in the dark. At strength 2 the images leave the range: coloured noise in the
# background, rims as thick as fingers.
#
# (d) In the first row the person is gone at s = 0, before any edit. In the second the face stays sharp, and glasses at s = 1
# sit on it as if drawn; at s = 2 the generator's weave is painted over it, and long shadows of hair appear beside the old hair when
# it only ought to turn dark. So the limits are: what inversion does not keep is lost or must be pasted back; an edit cannot leave
# the range of the generator; a direction moves what goes together in its samples; and the step has no natural size. A real
# photograph lies much farther from the range than these drawn faces.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 2 points: attributes kept and lost, from presence or classifier (without against with) and pictures; 1 point of these for
#   seeing that the error by attribute measures how hard such faces are as a whole and not whether the attribute was kept.
# - 1 point: explained by what large areas weigh in the squared error against thin lines, and by how common the attribute is.
# - 1 point: explained by the generator's range: what it never learned to draw (or to combine) cannot be found by any search.
# - 1 point: edits: which work, by the diagonal, the table and the strips, on faces that had no part in the direction.
# - 1 point: what changes along: an entry off the diagonal explained by attributes that go together in the data (a beard
#   excludes long hair), by what the generator's samples combine, or by what the classifier takes for the attribute.
# - 1 point: limits: the inversion's error comes before any edit (identity lost); adding the change to the face keeps detail
#   and leaves ghosts; the edit can't leave the generator's range.
# ### END MARK SCHEME

# %% [markdown]
# ## 7. Experiment: a GAN beside two auto-encoders
#
# In the first assignment you trained a VAE and a moment auto-encoder on the same digits, with the same 64 latents. Put all
# three side by side: what they draw from $z \sim N(0, I)$, and what comes back of a test digit. The auto-encoders have an
# encoder for the way back; the GAN needs your inversion.
#
# **Bring your models.** Load what you saved in the first assignment (copy its files into `artifacts/` and use
# `load_checkpoint`), or train both again: your own build and step functions, 3,000 iterations at batch 128, take about 25 s
# each. Pixels lie in $[0, 1]$ there, and do so in this function; the next cell converts.


# %% answer="first_assignment_models"
def first_assignment_models(n_latent: int) -> dict[str, tuple]:
    """The VAE and the moment auto-encoder of the first assignment, trained on x_train, on `device`.

    Returns {"VAE": (encode, decode), "moment AE": (encode, decode)}: functions, their modules in evaluation mode.
    encode: (B, 1, 28, 28) in [0, 1] -> codes (B, n_latent), for the VAE the means; decode: (B, n_latent) -> (B, 1, 28, 28) in [0, 1],
    through which gradients flow to the codes (no torch.no_grad in it).
    """
    ### BEGIN SOLUTION
    from dgm.data import batches
    from dgm.nets import mlp
    from dgm.training import adam, train

    def networks(n_codes):
        encoder = nn.Sequential(nn.Flatten(), mlp([784, 400, 200, n_codes]))
        decoder = nn.Sequential(mlp([n_latent, 200, 400, 784]), nn.Unflatten(1, (1, 28, 28)))
        return encoder.to(device), decoder.to(device)

    def update(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    stream = batches((x_train + 1) / 2, 128)
    vae_encoder, vae_decoder = networks(2 * n_latent)
    vae_optimizer = adam(vae_encoder, vae_decoder)

    def vae_step(_):
        x = next(stream)
        mu, logvar = vae_encoder(x).chunk(2, dim=1)
        logits = vae_decoder(mu + (0.5 * logvar).exp() * torch.randn_like(mu))
        nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
        kl = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(dim=1).mean()
        update(vae_optimizer, nll + kl)
        return {"reconstruction": nll, "KL": kl}

    encoder, decoder = networks(n_latent)
    optimizer, encoder_optimizer = adam(encoder, decoder), adam(encoder)

    def moment_step(_):
        x = next(stream)
        error = (decoder(encoder(x)).sigmoid() - x).pow(2).flatten(1).sum(dim=1).mean()
        update(optimizer, error)
        z = encoder(x)
        centred = z - z.mean(dim=0)
        std = centred.pow(2).mean(dim=0).sqrt()
        kurtosis = (centred / std).pow(4).mean(dim=0)
        penalty = (z.mean(dim=0).pow(2) + (std - 1).pow(2) + (kurtosis - 3).pow(2)).sum()
        update(encoder_optimizer, penalty)
        return {"squared error": error, "moment penalty": penalty}

    for name, step in (("VAE", vae_step), ("moment AE", moment_step)):
        train(step, settings.iterations(3000), description=name)

    for module in (vae_encoder, vae_decoder, encoder, decoder):
        module.eval().requires_grad_(False)

    def vae_encode(x):
        return vae_encoder(x).chunk(2, dim=1)[0]

    def vae_decode(z):
        return vae_decoder(z).sigmoid()

    def decode(z):
        return decoder(z).sigmoid()

    return {"VAE": (vae_encode, vae_decode), "moment AE": (encoder, decode)}
    ### END SOLUTION


# %% [markdown]
# A second question can be asked of an auto-encoder. Its encoder gives a code at once, but is it the best code for that
# image? Your `invert` answers it: the next cell inverts the decoders too, from as many starts. The columns of the tables:
#
# | column | what it measures |
# | --- | --- |
# | distance | Fréchet distance of 1,000 samples to the 1,000 test digits (lower is better; real training digits: the floor) |
# | classes | digits that make up at least 2% of the samples, as the course's classifier reads them |
# | clear | share of samples that the classifier reads with a probability of 0.9 or more |
# | grey | share of grey pixels (-0.8 to 0.8) among all that are not background: blur makes edges wide and grey |
# | error | squared error per image of the test digits of section 5, pixels in $[-1, 1]$ |
# | read | share of these reconstructions that the classifier reads as the digit that went in |
# | length | mean length of the codes; that of random ones is 8 |
# | seconds | time to find the code of one image |
#
# **Look at** the samples first and rank the models by eye, then at the tables.

# %% train="comparison_run"
seed_everything(4)


class Decoder(nn.Module):
    """A decode function in the shape of a generator: codes to images in [-1, 1]."""

    def __init__(self, decode):
        super().__init__()
        self.decode = decode

    def forward(self, z):
        return 2 * self.decode(z) - 1


models = first_assignment_models(N_LATENT)
targets = kinds["test digits"]
generators = {"GAN": digit_generator} | {
    name: Decoder(decode) for name, (_, decode) in models.items()
}
z_sample = torch.randn(1000, N_LATENT, device=device)
sample_sets = {"real digits": x_train[:1000]} | {
    name: evaluate(generator, z_sample) for name, generator in generators.items()
}
found, cost = {"GAN, inverted": codes["test digits"]}, {"GAN, inverted": seconds}
for name, (encode, _) in models.items():
    began = time.perf_counter()
    with torch.no_grad():
        found[f"{name}, encoder"] = encode((targets + 1) / 2)
    cost[f"{name}, encoder"] = (time.perf_counter() - began) / len(targets)
    began = time.perf_counter()
    best, _, _ = invert_all(generators[name], targets, N_LATENT, N_RESTARTS, N_STEPS)
    found[f"{name}, inverted"] = best
    cost[f"{name}, inverted"] = (time.perf_counter() - began) / len(targets)

print(f"{'samples':<22}{'distance':>9}{'classes':>9}{'clear':>7}{'grey':>7}")
for name, images in sample_sets.items():
    probabilities = digit_probabilities(images)
    classes = torch.bincount(probabilities.argmax(dim=1), minlength=10) / len(images)
    ink = images > -0.8
    print(
        f"{name:<22}{digit_distance(images, x_test):>9.0f}{int((classes >= 0.02).sum()):>9}"
        f"{(probabilities.amax(dim=1) >= 0.9).float().mean():>7.0%}"
        f"{float((ink & (images < 0.8)).sum() / ink.sum()):>7.0%}"
    )
print(f"\n{'reconstructions':<22}{'error':>9}{'read':>9}{'length':>8}{'seconds':>10}")
back = {}
for name, z in found.items():
    back[name] = evaluate(generators[name.partition(",")[0]], z)
    left_over = (back[name] - targets).square().flatten(1).sum(dim=1).mean()
    read = (digit_probabilities(back[name]).argmax(dim=1) == labels).float().mean()
    print(f"{name:<22}{left_over:>9.1f}{read:>9.0%}{z.norm(dim=1).mean():>8.1f}{cost[name]:>10.5f}")
plots.show_grids(
    {name: images[:36] for name, images in sample_sets.items()},
    "Samples from the same 64 latents",
    n_columns=6,
)
plots.show_rows(
    {"test digit": targets[every]} | {name: images[every] for name, images in back.items()},
    "Reconstructions of test digits",
)

# %% [markdown]
# **Analysis** (6 points). (a) Rank the samples of the three models by eye, and compare with distance, clear and grey: where
# do eye and number disagree? (b) Explain the qualitative differences between the samples by the mechanism of each model:
# which loss is each trained with, and what does that loss reward, punish or never see? (c) Compare the reconstructions:
# which model comes nearest to the test digits, by its encoder and by descent? Explain the difference between the two ways
# for one decoder, and that between the models for the same way. (d) For which use would you take which model? Give one for
# each, with the cost of finding a code.
#
# *Limit: 600 words, a formula counting as one.*

# %% [markdown] analysis="comparison"
# ### BEGIN SOLUTION
# (a) By eye: GAN first, then VAE, then moment auto-encoder. The GAN's strokes are as crisp as real ones, though a fair
# number of the shapes are no digit; the VAE's digits can mostly be named, in soft grey; the moment auto-encoder's are pieces
# of several digits. The distances agree: 422, 680, 1,464 (real digits: 18). Grey says 48% for the GAN, about as for real
# digits (50%), 86% and 85% for the others: here the number puts VAE and moment auto-encoder level, though one is blurred and the
# other broken. Clear says 73%, 68% and 46%, and no more than that the classifier is sure: it is sure of many a stroke that I
# can't read. All three draw all ten classes.
#
# (b) The GAN's generator is told by the discriminator what gives a sample away. Blur and grey edges would, so they vanish;
# no training image ever has to come back, so nothing asks for rare shapes, and a plausible stroke in a wrong place costs
# little. The VAE maximises a likelihood pixel by pixel under a noisy code: what the code leaves open is answered with the
# mean of the possible images, hence blur. But its KL packs the codes into N(0, I), so that a draw from there lies near codes
# that were trained. The moment auto-encoder trains without noise, and its reconstructions are sharper; only the moments of
# single latents are shaped, the latents stay dependent, and independent draws combine parts that don't belong together.
#
# (c) By the encoder: 38.7 for the moment auto-encoder, 53.8 for the VAE. By descent: 9.7 for the GAN, 14.8 for the moment
# auto-encoder, 26.3 for the VAE. For one decoder, descent more than halves the error: an encoder answers in one pass with a
# rule learnt on 4,000 digits, and on new digits the rule is off, while descent fits each image by itself. The price is the
# length of the codes: 42 instead of 3.5 for the VAE, far outside the prior. Between the models: the VAE's encoder gives the
# largest error because its codes were noisy in training and hold few nats. By descent, the GAN comes nearest although it was
# never trained to reconstruct: its convolutions make crisp strokes anywhere, whereas the two others are small fully
# connected networks that have fitted 4,000 digits. This compares architectures, too, not only the three ways of training.
#
# (d) GAN: pictures to look at, or editing, where a quarter of a second for each image is no matter. VAE: scoring or
# compressing many images, and interpolation, since it has a bound on log p(x) and an encoder of 0.02 ms for an image. Moment
# auto-encoder: fast and sharp copies (denoising, features), where nobody needs new samples.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: a ranking by eye, compared with at least two columns, as the student's own figures show.
# - 1 point: GAN: the discriminator punishes what no real digit has (blur, broken strokes) and never asks for any particular
#   digit, so samples are sharp and modes may be missing.
# - 1 point: VAE: the likelihood averages over what a noisy code leaves open, hence blur; its KL makes the prior the right
#   place to sample from.
# - 1 point: moment AE: sharp reconstructions; single latents have the right moments but are dependent, so samples combine
#   parts that don't belong together.
# - 1 point: reconstructions: an encoder gives one guess that was learnt on 4,000 training digits, descent fits each image by
#   itself, so the same decoder comes nearer; the models compared for the same way, as the table shows.
# - 1 point: a sensible use for each, with the cost of a code (one pass of an encoder against hundreds of steps).
# ### END MARK SCHEME
