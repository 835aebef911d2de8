"""Clears the gradients after its step, not those that another loss left before it."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    optimizer.zero_grad()
    return penalty.item()
