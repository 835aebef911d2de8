"""What the visible checks of training steps find out."""

import pytest
import torch
from dgm.trial import (
    check_leftovers,
    check_loss_alone,
    check_moved,
    tiny_autoencoder,
    trial_step,
)


def squared_error(encoder, decoder, x):
    return (x - decoder(encoder(x))).square().sum()


def right(optimizer, encoder, decoder):
    x = torch.ones(2, 1, 28, 28)
    loss = squared_error(encoder, decoder, x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss}


def decoder_alone(optimizer, encoder, decoder):
    return right(optimizer, encoder.requires_grad_(False), decoder)


def adds_up(optimizer, encoder, decoder):
    loss = squared_error(encoder, decoder, torch.ones(2, 1, 28, 28))
    loss.backward()
    optimizer.step()
    return loss


def noisy(optimizer, encoder, decoder):
    return {"loss": torch.randn(())}


def test_a_step_works_on_copies_with_the_same_noise_and_reports_floats():
    networks = tiny_autoencoder(4, 4)
    before = [p.clone() for network in networks for p in network.parameters()]
    state = torch.get_rng_state()
    losses, moved = trial_step(right, *networks)
    assert isinstance(losses["loss"], float) and min(moved) > 0
    after = [p for network in networks for p in network.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert trial_step(noisy, *networks)[0] == trial_step(noisy, *networks)[0]
    assert torch.equal(state, torch.get_rng_state())
    again = tiny_autoencoder(4, 4)[1](torch.ones(1, 4))
    assert torch.equal(networks[1](torch.ones(1, 4)), again) and again.shape == (1, 1, 28, 28)


def test_without_a_learning_rate_nothing_moves():
    part = torch.nn.Parameter(torch.ones(3))

    def step(optimizer, part):
        part.sum().backward()
        optimizer.step()

    assert trial_step(step, part, lr=0.0) == (None, [0.0])
    assert trial_step(step, part, lr=0.5) == (None, [0.5])


def test_parts_that_stay_are_named():
    networks = tiny_autoencoder()
    check_moved(trial_step(right, *networks)[1])
    with pytest.raises(AssertionError, match="the encoder did not move"):
        check_moved(trial_step(decoder_alone, *networks)[1])
    with pytest.raises(AssertionError, match="the codebook did not move"):
        check_moved([0.1, 0.0], ("encoder", "codebook"))


def test_a_step_of_one_loss_is_checked_whole():
    networks = tiny_autoencoder()
    check_loss_alone(right, "loss", *networks)

    def after(optimizer, encoder, decoder):
        right(optimizer, encoder, decoder)
        return {"loss": squared_error(encoder, decoder, torch.ones(2, 1, 28, 28))}

    for step, words in (
        (adds_up, 'the one key "loss"'),
        (decoder_alone, "the encoder did not move"),
        (after, "the loss before the step"),
    ):
        with pytest.raises(AssertionError, match=words):
            check_loss_alone(step, "loss", *networks)


def test_gradients_of_an_earlier_step_are_found():
    networks = tiny_autoencoder()
    check_leftovers(right, trial_step(right, *networks)[1], *networks)
    with pytest.raises(AssertionError, match="left behind"):
        check_leftovers(adds_up, trial_step(adds_up, *networks)[1], *networks)
