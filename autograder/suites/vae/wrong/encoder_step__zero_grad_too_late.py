"""Clears the gradients between backward and step."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.zero_grad()
    optimizer.step()
    return penalty.item()
