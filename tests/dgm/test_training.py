"""The training loop, its callbacks and losses; settings; averages; checkpoints; what experiments of
the labs share.
"""

import copy
import math

import numpy as np
import pytest
import torch
from dgm import training
from dgm.training import (
    EMA,
    History,
    Settings,
    adam,
    channels_last,
    evaluate,
    evaluating,
    fit,
    keep,
    keep_tensors,
    load_checkpoint,
    over_seeds,
    save_checkpoint,
    seed_everything,
    slope_penalty,
    train,
)
from safetensors import safe_open
from torch import nn


def test_loop_calls_and_history():
    steps, calls = [], []
    history = train(
        lambda i: steps.append(i) or {"loss": torch.tensor(float(i)), "kl": 2.0 * i},
        10,
        every=3,
        callback=calls.append,
    )
    assert steps == list(range(10))
    assert calls == [3, 6, 9]
    assert history["loss"] == [float(i) for i in range(10)]
    assert history["kl"][-1] == 18.0
    assert history.names == ["loss", "kl"]


def test_loop_learns_a_line():
    seed_everything(0)
    layer = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)

    def step(_):
        x = torch.rand(32, 1)
        loss = (layer(x) - (3 * x + 1)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    history = train(step, 1500)
    assert history["loss"][-1] < 1e-3
    assert layer.weight.item() == pytest.approx(3, abs=0.2)


def test_a_loss_that_is_not_finite_stops_the_loop():
    with pytest.raises(FloatingPointError, match="kl became nan at iteration 31"):
        train(lambda i: {"kl": math.nan if i == 30 else 1.0}, 5000)


def test_losses_keep_no_graph():
    weight = torch.ones(1, requires_grad=True)
    history = History()
    history.record({"loss": (2 * weight).sum()})
    assert not any(loss.requires_grad for loss in history._pending[0].values())


def test_bad_interval():
    with pytest.raises(ValueError, match="every"):
        train(lambda i: {}, 3, every=0)


def test_fit_names_the_first_drawing_or_leaves_it_out():
    def drawn(**options):
        return list(training.fit("", lambda i: {}, 2, lambda: torch.ones(1), every=1, **options)[1])

    assert drawn() == ["untrained", "1 iterations", "2 iterations"]
    assert drawn(first="start") == ["start", "1 iterations", "2 iterations"]
    assert drawn(first=None) == ["1 iterations", "2 iterations"]


def test_settings(monkeypatch):
    for name in ("DGM_FAST", "DGM_SCALE", "DGM_DEVICE"):
        monkeypatch.delenv(name, raising=False)
    plain = Settings()
    assert (plain.iterations(3000), plain.width(64)) == (3000, 64)
    monkeypatch.setenv("DGM_SCALE", "4")
    assert (Settings().iterations(3000), Settings().width(64)) == (12000, 128)
    monkeypatch.setenv("DGM_FAST", "1")
    fast = Settings()
    assert (fast.iterations(3000), fast.iterations(1000), fast.iterations(10), fast.width(64)) == (
        15,
        5,
        1,
        64,
    )
    monkeypatch.setenv("DGM_FAST", "0")
    assert not Settings().fast
    with pytest.raises(ValueError, match="scale"):
        Settings(scale=0)


def test_device_choice(monkeypatch):
    monkeypatch.setenv("DGM_DEVICE", "meta")
    assert training.choose_device() == torch.device("meta")
    monkeypatch.delenv("DGM_DEVICE")
    assert training.choose_device().type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_seeds_fix_every_generator():
    import random

    def draw():
        return random.random(), float(np.random.rand()), torch.rand(1).item()

    seed_everything(5)
    first = draw()
    assert all(a != b for a, b in zip(first, draw(), strict=True))
    seed_everything(5)
    assert draw() == first


def test_evaluating_restores_the_mode_even_after_an_error():
    training_one, evaluated_one = nn.Dropout(0.9), nn.Dropout(0.9).eval()
    weight = torch.ones(100, requires_grad=True)

    def fail():
        with evaluating(training_one, evaluated_one):
            assert torch.equal(training_one(weight), weight)
            assert not (2 * weight).requires_grad
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert training_one.training
    assert not evaluated_one.training
    assert (2 * weight).requires_grad


def test_ema_follows_the_recurrence():
    module = nn.Linear(2, 1)
    ema = EMA(module, decay=0.5)
    expected = module.weight.detach().clone()
    for n in range(30):
        with torch.no_grad():
            module.weight.add_(1.0)
        ema.update(module)
        decay = min(0.5, (1 + n) / (10 + n))
        expected = decay * expected + (1 - decay) * module.weight.detach()
    torch.testing.assert_close(ema.module.weight, expected)
    assert not ema.module.weight.requires_grad
    assert module.weight.requires_grad
    with pytest.raises(ValueError, match="decay"):
        EMA(module, decay=1.0)


def test_ema_averages_statistics():
    module = nn.BatchNorm1d(2)
    ema = EMA(module, decay=0.5)
    expected = module.running_mean.clone()
    for n in range(5):
        module(torch.randn(50, 2) + 3)
        ema.update(module)
        decay = min(0.5, (1 + n) / (10 + n))
        expected = decay * expected + (1 - decay) * module.running_mean
    torch.testing.assert_close(ema.module.running_mean, expected)
    assert not torch.allclose(expected, module.running_mean)
    assert ema.module.num_batches_tracked == 5


def test_checkpoint_round_trip(tmp_path):
    def build():
        net = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Linear(3, 3))
        net[2].weight = net[0].weight  # shared memory, which safetensors refuses as it is
        return net

    net = build()
    net(torch.randn(8, 3))
    file = save_checkpoint(tmp_path / "artifacts" / "net.safetensors", net, {"note": "x"})
    assert [item.name for item in file.parent.iterdir()] == ["net.safetensors"]
    other = load_checkpoint(file, build())
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, other.state_dict()[name]), name


def test_checkpoint_in_half_precision(tmp_path):
    net = nn.Sequential(nn.Linear(200, 100), nn.BatchNorm1d(100))
    whole = save_checkpoint(tmp_path / "whole.safetensors", net)
    half = save_checkpoint(tmp_path / "half.safetensors", net, dtype=torch.float16)
    assert half.stat().st_size < 0.6 * whole.stat().st_size
    other = load_checkpoint(half, nn.Sequential(nn.Linear(200, 100), nn.BatchNorm1d(100)))
    assert other[0].weight.dtype == torch.float32
    torch.testing.assert_close(other[0].weight, net[0].weight, atol=1e-4, rtol=1e-3)
    assert other[1].num_batches_tracked.dtype == torch.int64


def test_checkpoint_errors(tmp_path):
    with pytest.raises(FileNotFoundError, match="run the cell"):
        load_checkpoint(tmp_path / "missing.safetensors", nn.Linear(1, 1))
    file = save_checkpoint(tmp_path / "small.safetensors", nn.Linear(1, 1))
    with pytest.raises(RuntimeError, match="size mismatch"):
        load_checkpoint(file, nn.Linear(2, 1))


def test_adam_takes_modules_and_single_tensors():
    net, code = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)), torch.zeros(3, requires_grad=True)
    optimizer = adam(net, code, lr=0.1, betas=(0.5, 0.99))
    (group,) = optimizer.param_groups
    assert [id(p) for p in group["params"]] == [id(p) for p in (*net.parameters(), code)]
    assert (group["lr"], group["betas"]) == (0.1, (0.5, 0.99))
    assert adam(code).param_groups[0]["lr"] == 1e-3
    assert adam(code).param_groups[0]["betas"] == (0.9, 0.999)


def test_adam_takes_the_steps_of_torch():
    ours, theirs = (torch.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    optimizers = adam(ours, lr=0.1, betas=(0.5, 0.9)), torch.optim.Adam([theirs], 0.1, (0.5, 0.9))
    for weight, optimizer in zip((ours, theirs), optimizers, strict=True):
        for _ in range(5):
            optimizer.zero_grad()
            weight.pow(4).sum().backward()
            optimizer.step()
    torch.testing.assert_close(ours, theirs)
    assert not torch.allclose(ours, torch.tensor([1.0, -2.0]), atol=0.1)


def test_fit_keeps_losses_and_a_drawing_of_each_stage():
    done = []
    history, stages = fit(
        "counting",
        lambda i: done.append(i) or {"loss": float(i)},
        2001,
        lambda: torch.tensor(len(done)),
        every=1000,
    )
    assert history["loss"] == [float(i) for i in range(2001)]
    assert list(stages) == ["untrained", "1,000 iterations", "2,000 iterations"]
    assert [int(stage) for stage in stages.values()] == [0, 1000, 2000]


def test_fit_draws_the_same_noise_each_time_and_leaves_that_of_the_training_alone():
    def steps(every, draw, **options):
        seed_everything(3)
        noise = []
        _, stages = fit(
            "",
            lambda i: {"loss": noise.append(torch.rand(1)) or 0.0},
            6,
            draw,
            every=every,
            **options,
        )
        return torch.cat(noise), list(stages.values())

    noise, stages = steps(2, lambda: torch.rand(4))
    assert len(stages) == 4
    assert all(torch.equal(stage, stages[0]) for stage in stages)
    undisturbed, _ = steps(6, lambda: torch.zeros(1))
    assert torch.equal(noise, undisturbed)
    assert not torch.equal(noise[:4], stages[0])
    other = steps(2, lambda: torch.rand(4), seed=1)[1]
    assert not torch.equal(stages[0], other[0])


def test_evaluate_goes_by_portions_without_gradients():
    sizes = []

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop, self.line = nn.Dropout(0.9), nn.Linear(2, 3)

        def forward(self, x):
            sizes.append(len(x))
            return self.line(self.drop(x))

    net, x = Net(), torch.randn(7, 2)
    result = evaluate(net, x, portion=3)
    assert sizes == [3, 3, 1]
    assert not result.requires_grad
    assert net.training
    torch.testing.assert_close(result, net.line(x), msg="rows in order, and nothing dropped")


def test_evaluate_takes_plain_functions():
    weight = torch.ones(2, requires_grad=True)
    result = evaluate(lambda x: (x * weight).sum(1), torch.arange(600.0).view(300, 2))
    assert torch.equal(result, torch.arange(600.0).view(300, 2).sum(1))
    assert not result.requires_grad


def test_keep_one_module_and_several(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    net = nn.Linear(3, 2)
    file = keep("net", net, sizes={"n_latent": 8})
    assert file.resolve() == tmp_path / "artifacts" / "net.safetensors"
    assert capsys.readouterr().out == f"saved {file}\n"
    with safe_open(file, "pt") as saved:
        assert saved.metadata() == {"n_latent": "8"}
        assert set(saved.keys()) == {"weight", "bias"}
        assert saved.get_tensor("weight").dtype == torch.float16
    torch.testing.assert_close(
        load_checkpoint(file, nn.Linear(3, 2)).weight, net.weight, atol=1e-3, rtol=1e-3
    )
    with safe_open(keep("pair", encoder=net, decoder=nn.Linear(2, 3)), "pt") as saved:
        assert set(saved.keys()) == {
            f"{part}.{name}" for part in ("encoder", "decoder") for name in ("weight", "bias")
        }


@pytest.mark.parametrize(
    ("modules", "parts"), [((), {}), ((nn.Linear(1, 1),), {"b": nn.Linear(1, 1)})]
)
def test_keep_wants_one_module_or_names(tmp_path, monkeypatch, modules, parts):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="one module, or several by name"):
        keep("net", *modules, **parts)
    assert not list(tmp_path.iterdir())


def test_keep_tensors_as_they_are(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    levels = torch.arange(12, dtype=torch.uint8).view(3, 4)
    tensors = {
        "samples": levels,
        "turned": levels.T,  # shares memory with the first and is not contiguous
        "density": torch.full((2,), math.pi, dtype=torch.float64, requires_grad=True),
    }
    file = keep_tensors("samples", tensors, {"seed": "1"})
    assert file.resolve() == tmp_path / "artifacts" / "samples.safetensors"
    assert capsys.readouterr().out == f"saved {file}\n"
    assert [item.name for item in file.parent.iterdir()] == ["samples.safetensors"]
    with safe_open(file, "pt") as saved:
        assert saved.metadata() == {"seed": "1"}
        assert set(saved.keys()) == set(tensors)
        for name, tensor in tensors.items():
            assert saved.get_tensor(name).dtype == tensor.dtype
            assert torch.equal(saved.get_tensor(name), tensor)


def pair(ending):
    """A small generator and a discriminator that ends in a module."""
    generator = nn.Sequential(
        nn.Linear(3, 8 * 16), nn.Unflatten(1, (8, 4, 4)), nn.BatchNorm2d(8), nn.Conv2d(8, 2, 3)
    )
    discriminator = nn.Sequential(nn.Conv2d(2, 4, 1), nn.BatchNorm2d(4), ending, nn.Linear(16, 1))
    return generator, discriminator


def last_weights(*networks):
    return [
        p.is_contiguous(memory_format=torch.channels_last)
        for network in networks
        for p in network.parameters()
        if p.ndim == 4 and p.shape[-1] > 1
    ]


def test_channels_last_changes_the_order_in_memory_and_no_number():
    torch.manual_seed(0)
    networks = pair(nn.Flatten())
    before = [network.state_dict() for network in copy.deepcopy(networks)]
    z = torch.randn(5, 3)

    def gradients(generator, discriminator):
        value = discriminator(generator(z)).square().sum()
        return torch.autograd.grad(value, [*generator.parameters(), *discriminator.parameters()])

    expected = gradients(*copy.deepcopy(networks))
    identities = [p for network in networks for p in network.parameters()]
    assert channels_last(lambda g, d: d(g(z)), *networks)
    assert all(last_weights(*networks))
    after = [p for network in networks for p in network.parameters()]
    assert all(p is q and p.grad is None for p, q in zip(identities, after, strict=True))
    for network, state in zip(networks, before, strict=True):
        for name, tensor in network.state_dict().items():
            assert torch.equal(tensor, state[name]), f"{name}: the trial was run on copies"
    torch.testing.assert_close(gradients(*networks), expected)


class View(nn.Module):
    def forward(self, x):
        return x.view(len(x), -1)


def test_channels_last_leaves_networks_alone_that_need_the_usual_order():
    networks, z = pair(View()), torch.randn(5, 3)
    assert not channels_last(lambda g, d: d(g(z)), *networks)
    assert not any(last_weights(*networks))
    assert networks[1](networks[0](z)).shape == (5, 1)


def test_channels_last_is_for_the_cpu():
    networks = [network.to("meta") for network in pair(nn.Flatten())]
    assert not channels_last(lambda g, d: pytest.fail("no trial is needed"), *networks)


def exact_slope_penalty(judge, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(judge(x).sum(), x, create_graph=True)
    return slope.square().flatten(1).sum(dim=1).mean()


def test_slope_penalty_of_a_plane_is_exact():
    x, slope = torch.randn(5, 2, 3), torch.randn(2, 3)
    for step in (0.1, 3.0):
        found = slope_penalty(lambda x: (x * slope).sum(dim=(1, 2)), x, step)
        torch.testing.assert_close(found, slope.square().sum())


@pytest.mark.parametrize("normalised", [False, True])
def test_slope_penalty_and_its_gradients_are_those_of_autograd(normalised):
    """Two second derivatives fewer, and an error that falls with the square of the step."""
    torch.manual_seed(0)
    norm = nn.BatchNorm1d(6).eval() if normalised else nn.Identity()
    judge = nn.Sequential(nn.Flatten(), nn.Linear(8, 6), norm, nn.Tanh(), nn.Linear(6, 1)).double()
    x = torch.randn(7, 2, 4, dtype=torch.float64)
    parameters = list(judge.parameters())

    def gradients(penalty):
        found = torch.autograd.grad(penalty, parameters, allow_unused=True)
        return [
            torch.zeros_like(p) if g is None else g for g, p in zip(found, parameters, strict=True)
        ]

    exact = exact_slope_penalty(judge, x)
    coarse, fine = (slope_penalty(judge, x, step) for step in (1e-1, 1e-3))
    assert abs(fine - exact) < abs(coarse - exact) / 1000
    torch.testing.assert_close(gradients(fine), gradients(exact), rtol=1e-4, atol=1e-7)


def test_slope_penalty_teaches_the_judge_alone_and_none_that_is_flat():
    judge, x = (
        nn.Sequential(nn.Flatten(), nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)),
        torch.randn(3, 4),
    )
    kept = x.clone().requires_grad_()
    slope_penalty(judge, kept).backward()
    assert all(p.grad.any() for p in (judge[1].weight, judge[1].bias, judge[3].weight))
    assert torch.equal(x, kept) and kept.grad is None
    nn.init.zeros_(judge[3].weight)
    flat = slope_penalty(judge, x)
    flat.backward()
    assert float(flat.detach()) == 0 and all(p.grad.isfinite().all() for p in judge.parameters())


def test_over_seeds_seeds_each_run_and_collects_its_numbers():
    seen = []

    def run(seed):
        seen.append(seed)
        return {"loss": torch.rand(()), "seed": seed, "noise": np.random.rand()}

    results = over_seeds(run, iter([5, 6, 5]))
    assert seen == [5, 6, 5]
    assert list(results) == ["loss", "seed", "noise"]
    assert results["seed"].tolist() == [5.0, 6.0, 5.0]
    for name in ("loss", "noise"):
        first, other, again = results[name]
        assert first == again != other
    with pytest.raises(ValueError, match="at least one seed"):
        over_seeds(run, [])
