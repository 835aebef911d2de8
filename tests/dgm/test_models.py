"""The reference models: shapes, devices, precision and gradients alike; and what each is for."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from dgm import metrics
from dgm.faces import BINARY, draw_faces, sample_faces
from dgm.models import ConvVAE, Discriminator, Generator
from dgm.nets import FaceClassifier, SketchClassifier, n_parameters
from dgm.training import load_checkpoint, save_checkpoint
from dgm.unet import UNet, time_embedding
from torch import Tensor, nn
from torch.nn import functional as F

torch.set_num_threads(1)

SIZES = [(16, 1), (28, 1), (64, 3)]


def images(n: int, size: int, n_channels: int) -> Tensor:
    return torch.rand(n, n_channels, size, size) * 2 - 1


class Case:
    """A model, the arguments of a call for a batch of n, and the shape of the result without B."""

    def __init__(
        self,
        make: Callable[[], nn.Module],
        arguments: Callable[[int], tuple[Tensor, ...]],
        shape: tuple[int, ...],
        method: str = "forward",
    ) -> None:
        self.make, self.arguments, self.shape, self.method = make, arguments, shape, method

    def call(self, model: nn.Module, arguments: tuple[Tensor, ...]) -> Tensor:
        return getattr(model, self.method)(*arguments)


CASES = {
    "classifier": Case(FaceClassifier, lambda n: (images(n, 64, 3),), (6,)),
    "features": Case(FaceClassifier, lambda n: (images(n, 64, 3),), (64,), "features"),
    "sketch classifier": Case(SketchClassifier, lambda n: (images(n, 64, 1),), (6,)),
    "unet": Case(lambda: UNet(1, 8), lambda n: (images(n, 16, 1), torch.rand(n)), (1, 16, 16)),
    "unet-28": Case(lambda: UNet(1, 8), lambda n: (images(n, 28, 1), torch.arange(n)), (1, 28, 28)),
    "unet-classes": Case(
        lambda: UNet(3, 8, n_classes=4),
        lambda n: (images(n, 8, 3)[..., :4], torch.arange(n), torch.arange(n) % 5),
        (3, 8, 4),
    ),
}
for size, n_channels in SIZES:
    make = (n_channels, 2)
    inputs = dict(size=size, n_channels=n_channels)
    image = (n_channels, size, size)
    CASES |= {
        f"generator-{size}": Case(
            lambda size=size, make=make: Generator(5, size, *make),
            lambda n: (torch.randn(n, 5),),
            image,
        ),
        f"discriminator-{size}": Case(
            lambda size=size, make=make: Discriminator(size, *make),
            lambda n, inputs=inputs: (images(n, **inputs),),
            (),
        ),
        f"vae-{size}": Case(
            lambda size=size, make=make: ConvVAE(5, size, *make),
            lambda n, inputs=inputs: (images(n, **inputs),),
            image,
        ),
    }

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


# What holds for every model


@every_case
def test_shapes_also_of_one_image_in_evaluation_mode(case: Case) -> None:
    model = case.make()
    assert case.call(model, case.arguments(3)).shape == (3, *case.shape)
    model.eval()
    one, two = case.arguments(1), case.arguments(2)
    assert case.call(model, one).shape == (1, *case.shape)
    pair = tuple(torch.cat([a, b]) for a, b in zip(one, two, strict=True))
    torch.testing.assert_close(
        case.call(model, pair)[:1], case.call(model, one), atol=1e-5, rtol=1e-4
    )


@every_case
def test_follows_device_and_precision(case: Case) -> None:
    # The meta device refuses any tensor that the model would make on the CPU.
    on_meta = case.call(case.make().to("meta"), tuple(a.to("meta") for a in case.arguments(2)))
    assert on_meta.device.type == "meta"
    model, arguments = case.make().eval(), case.arguments(2)
    single = case.call(model, arguments)
    double = case.call(
        model.double(), tuple(a.double() if a.is_floating_point() else a for a in arguments)
    )
    assert (single.dtype, double.dtype) == (torch.float32, torch.float64)
    torch.testing.assert_close(single.double(), double, atol=1e-4, rtol=1e-3)


@every_case
def test_gradients_reach_every_parameter_and_the_input(case: Case) -> None:
    model = case.make().double()
    arguments = tuple(a.double() if a.is_floating_point() else a for a in case.arguments(6))
    arguments[0].requires_grad_()
    (case.call(model, arguments) * torch.randn(6, *case.shape)).sum().backward()
    assert arguments[0].grad is not None and arguments[0].grad.abs().flatten(1).sum(1).min() > 0
    unused = {
        name
        for name, parameter in model.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().max() > 1e-9
    }
    assert unused == ({"head.weight", "head.bias"} if case.method == "features" else set())


@every_case
def test_same_seed_same_model_and_back_from_a_file(case: Case, tmp_path) -> None:
    def made(seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return case.make()

    model, arguments = made(1), case.arguments(4)
    model.eval()
    result = case.call(model, arguments)
    assert torch.equal(result, case.call(made(1).eval(), arguments))
    other = made(2).eval()
    assert not torch.equal(result, case.call(other, arguments))
    load_checkpoint(save_checkpoint(tmp_path / "model.safetensors", model), other)
    assert torch.equal(result, case.call(other, arguments))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda: Generator(5, 32, 1, 2), "one of 16, 28, 64, not 32"),
        (lambda: Discriminator(0, 1, 2), "not 0"),
        (lambda: ConvVAE(5, 29, 1, 2), "not 29"),
        (lambda: Generator(5, 16, 1, 2)(torch.zeros(2, 4)), r"codes must be \(B, 5\)"),
        (lambda: Discriminator(16, 1, 2)(images(2, 28, 1)), r"images must be \(B, 1, 16, 16\)"),
        (lambda: ConvVAE(5, 16, 1, 2).encode(images(2, 16, 3)), r"not \(2, 3, 16, 16\)"),
        (lambda: ConvVAE(5, 16, 1, 2).decode(torch.zeros(5)), r"not \(5,\)"),
        (
            lambda: ConvVAE(5, 16, 1, 2).negative_elbo(images(2, 16, 1), torch.zeros(5)),
            r"eps must be \(2, 5\)",
        ),
        (lambda: UNet(1, 12), "multiple of 8, not 12"),
        (lambda: UNet(1, 8, max_time=0), "positive, not 0"),
        (lambda: UNet(1, 8)(images(2, 18, 1), torch.zeros(2)), "divisible by 4"),
        (lambda: UNet(1, 8)(images(2, 16, 3), torch.zeros(2)), r"\(B, 1, H, W\)"),
        (lambda: UNet(1, 8)(images(2, 16, 1), torch.zeros(3)), r"t must be \(2,\)"),
        (
            lambda: UNet(1, 8)(images(2, 16, 1), torch.zeros(2), torch.zeros(2).long()),
            "has no classes",
        ),
        (
            lambda: UNet(1, 8, 3)(images(2, 16, 1), torch.zeros(2), torch.zeros(1).long()),
            r"labels must be \(2,\)",
        ),
        (lambda: metrics.face_features(images(2, 64, 1)), r"faces must be \(N, 3, H, W\)"),
    ],
)
def test_bad_arguments(bad: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        bad()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@every_case
def test_same_on_cuda(case: Case) -> None:
    model, arguments = case.make().eval().double(), case.arguments(2)
    arguments = tuple(a.double() if a.is_floating_point() else a for a in arguments)
    here = case.call(model, arguments)
    there = case.call(model.to("cuda"), tuple(a.to("cuda") for a in arguments))
    torch.testing.assert_close(there.cpu(), here)


# The VAE


@pytest.fixture
def vae() -> ConvVAE:
    return ConvVAE(3, 16, 2, 4).double().eval()


def test_negative_elbo_against_torch_distributions(vae: ConvVAE) -> None:
    x, eps = images(4, 16, 2).double(), torch.randn(4, 3).double()
    mu, logvar = vae.encode(x)
    assert mu.shape == logvar.shape == (4, 3)
    posterior = torch.distributions.Normal(mu, logvar.exp().sqrt())
    prior = torch.distributions.Normal(torch.zeros(3), torch.ones(3))
    x_hat = vae.decode(mu + posterior.scale * eps)
    log_p = torch.distributions.Normal(x_hat, vae.SIGMA).log_prob(x).flatten(1).sum(1)
    kl = torch.distributions.kl_divergence(posterior, prior).sum(1)
    loss = vae.negative_elbo(x, eps)
    assert loss.shape == ()
    torch.testing.assert_close(loss, (kl - log_p).mean())
    assert torch.equal(loss, vae.negative_elbo(x, eps)), "all noise is handed in"
    assert not torch.equal(loss, vae.negative_elbo(x, -eps))


def test_negative_elbo_trains_every_parameter(vae: ConvVAE) -> None:
    vae.train().negative_elbo(images(4, 16, 2).double(), torch.randn(4, 3).double()).backward()
    assert all(parameter.grad.abs().max() > 0 for parameter in vae.parameters())


def test_reconstruction_is_that_of_the_mean_code(vae: ConvVAE) -> None:
    x = images(2, 16, 2).double()
    assert torch.equal(vae(x), vae.decode(vae.encode(x)[0]))


def test_samples_come_from_the_generator_alone(vae: ConvVAE) -> None:
    vae.train()
    samples = vae.sample(5, torch.Generator().manual_seed(3))
    assert samples.shape == (5, 2, 16, 16) and samples.dtype == torch.float64
    assert not samples.requires_grad and vae.training and vae.decoder.training
    torch.manual_seed(9)
    assert torch.equal(samples, vae.sample(5, torch.Generator().manual_seed(3)))
    assert not torch.equal(samples, vae.sample(5, torch.Generator().manual_seed(4)))
    z = torch.randn(5, 3, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    assert torch.equal(samples, vae.eval().decode(z)), "standard normal codes, evaluation mode"
    assert vae.to("meta").sample(2, torch.Generator()).device.type == "meta"


def test_images_lie_in_the_range_of_tanh() -> None:
    for model in (Generator(4, 16, 3, 2), ConvVAE(4, 16, 3, 2).decoder):
        drawn = model(50 * torch.randn(8, 4))
        assert drawn.abs().max() <= 1 and drawn.min() < 0 < drawn.max()


def test_a_few_steps_lower_the_loss() -> None:
    x = F.interpolate(images(16, 4, 1), size=16)
    model = ConvVAE(8, 16, 1, 4)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(40):
        losses.append(model.negative_elbo(x, torch.randn(16, 8)))
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    least = 256 * 0.5 * math.log(2 * math.pi * model.SIGMA**2)
    assert least < losses[-1] < least + 0.7 * (losses[0] - least)


# The U-Net


@pytest.fixture
def unet() -> UNet:
    return UNet(1, 8, n_classes=3).eval()


def test_time_matters_and_is_each_images_own(unet: UNet) -> None:
    x = images(1, 16, 1).expand(4, -1, -1, -1)
    t = torch.tensor([0, 1, 2, 900])
    result = unet(x, t)
    for i in range(4):
        torch.testing.assert_close(result[i], unet(x, t[i])[0], atol=1e-5, rtol=1e-4)
        for j in range(i):
            assert (result[i] - result[j]).abs().max() > 1e-3
    assert torch.equal(unet(x, t), unet(x, t.float())), "whole numbers or floats"


def test_max_time_sets_the_unit_of_time() -> None:
    steps, unit = UNet(1, 8), UNet(1, 8, max_time=1.0)
    unit.load_state_dict(steps.state_dict())
    x = images(3, 16, 1)
    t = torch.tensor([0.0, 250.0, 1000.0])
    torch.testing.assert_close(steps(x, t), unit(x, t / 1000), atol=1e-5, rtol=1e-4)


def test_time_embedding() -> None:
    t = torch.tensor([0.0, 1.0, 700.0], dtype=torch.float64)
    embedding = time_embedding(t, 8)
    assert embedding.shape == (3, 8)
    for i, time in enumerate(t.tolist()):
        for k in range(4):
            angle = time / 10_000 ** (k / 4)
            assert embedding[i, k].item() == pytest.approx(math.sin(angle))
            assert embedding[i, 4 + k].item() == pytest.approx(math.cos(angle))


def test_classes_matter_and_none_is_the_null_class(unet: UNet) -> None:
    x, t = images(1, 16, 1).expand(4, -1, -1, -1), torch.full((4,), 10)
    result = unet(x, t, torch.arange(4))
    for i in range(4):
        for j in range(i):
            assert (result[i] - result[j]).abs().max() > 1e-3
    torch.testing.assert_close(unet(x, t)[0], result[3], atol=1e-5, rtol=1e-4)
    with pytest.raises(IndexError):
        unet(x, t, torch.full((4,), 4))


@pytest.mark.parametrize("level", [1, 2])
def test_every_skip_is_used(unet: UNet, level: int) -> None:
    """The block on the way up sees what the block on the way down gave, and passes it on."""
    x, t = images(2, 16, 1), torch.zeros(2)
    down, up = getattr(unet, f"down_{level}"), getattr(unet, f"up_{level}")
    seen = {}
    hooks = [
        down.register_forward_hook(lambda _, given, result: seen.update(skip=result)),
        up.register_forward_pre_hook(lambda _, given: seen.update(joined=given[0])),
    ]
    before = unet(x, t)
    for hook in hooks:
        hook.remove()
    n = seen["skip"].shape[1]
    assert torch.equal(seen["joined"][:, -n:], seen["skip"])
    for channel in range(n):

        def changed(_: nn.Module, given: tuple[Tensor, Tensor], channel: int = channel) -> tuple:
            joined = given[0].clone()
            joined[:, channel - n] += 1.0
            return (joined, given[1])

        hook = up.register_forward_pre_hook(changed)
        after = unet(x, t)
        hook.remove()
        assert (after - before).abs().amax((1, 2, 3)).min() > 1e-4


def test_the_coarsest_level_is_used(unet: UNet) -> None:
    x, t = images(2, 16, 1), torch.zeros(2)
    before = unet(x, t)
    unet.bottom.register_forward_hook(lambda _, given, result: result + torch.randn_like(result))
    assert (unet(x, t) - before).abs().max() > 1e-2


def test_small_enough_for_two_cores() -> None:
    assert n_parameters(UNet(1, 16, n_classes=10)) < 200_000
    assert n_parameters(ConvVAE(16, 28, 1, 16)) < 100_000


# Faces


@pytest.fixture(scope="module")
def faces() -> tuple[Tensor, Tensor]:
    """400 faces and their attributes; the classifier has seen none of them."""
    drawn = sample_faces(400, seed=77)
    return draw_faces(drawn), drawn.binary


def test_every_attribute_is_recognised(faces: tuple[Tensor, Tensor]) -> None:
    probabilities = metrics.face_probabilities(faces[0])
    assert probabilities.shape == (400, len(BINARY))
    assert torch.equal(metrics.attributes_seen(faces[0]), (probabilities > 0.5).float())
    right = ((probabilities > 0.5) == (faces[1] > 0.5)).double().mean(0)
    assert right.min() > 0.98, dict(zip(BINARY, right.tolist(), strict=True))


def blurred(faces: Tensor) -> Tensor:
    return F.avg_pool2d(F.pad(faces, (2, 2, 2, 2), mode="replicate"), 5, stride=1)


def test_face_distance_orders_sets(faces: tuple[Tensor, Tensor]) -> None:
    images, _ = faces
    one, other = images[:200], images[200:]
    true = metrics.face_distance(one, other)
    assert metrics.face_distance(other, other) == pytest.approx(0, abs=1e-6)
    assert metrics.face_distance(one.flip(0), one) == pytest.approx(0, abs=1e-3)
    worse = {
        "blurred": blurred(one),
        "noisy": one + 0.3 * torch.randn_like(one),
        "few": one[:10].repeat(20, 1, 1, 1),
        "grey": one.mean(1, keepdim=True).expand_as(one),
    }
    for name, changed in worse.items():
        assert metrics.face_distance(changed, other) > 3 * true, name


@pytest.mark.parametrize("name", BINARY)
def test_face_distance_sees_a_shift_of_an_attribute(
    faces: tuple[Tensor, Tensor], name: str
) -> None:
    images, binary = faces
    has = binary[:, BINARY.index(name)] > 0.5
    n = min(int(has.sum()), int((~has).sum()), 150) // 2
    without, with_it = images[~has], images[has]
    same = metrics.face_distance(without[:n], without[n : 2 * n])
    assert metrics.face_distance(with_it[:n], without[:n]) > 2 * same


def test_value_range_and_size_of_faces(faces: tuple[Tensor, Tensor]) -> None:
    images = faces[0][:20]
    features = metrics.face_features(images)
    assert features.shape == (20, FaceClassifier.N_FEATURES) and not features.requires_grad
    again = metrics.face_features((images + 1) / 2, value_range=(0.0, 1.0), batch_size=7)
    torch.testing.assert_close(again, features, atol=1e-3, rtol=1e-3)
    larger = F.interpolate(images, size=128)
    assert (metrics.face_features(larger) - features).norm() < 0.1 * features.norm()
    assert metrics.face_features(images.to("meta")).device.type == "meta"
