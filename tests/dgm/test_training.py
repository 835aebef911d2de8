"""The training loop, its callbacks and losses; settings; averages; checkpoints."""

import math

import pytest
import torch
from dgm import training
from dgm.training import (
    EMA,
    History,
    Settings,
    evaluating,
    load_checkpoint,
    save_checkpoint,
    seed_everything,
    train,
)
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

    import numpy as np

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
