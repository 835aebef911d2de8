"""Adds to the gradients that are already there."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.item()
