"""Looks at half of the batch only."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x[: len(x) // 2]))
    penalty.backward()
    optimizer.step()
    return penalty.item()
