"""Takes two steps with one gradient."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    optimizer.step()
    return penalty.item()
