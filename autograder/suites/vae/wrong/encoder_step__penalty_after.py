"""Returns the penalty after the step."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    moment_penalty(encoder(x)).backward()
    optimizer.step()
    return moment_penalty(encoder(x)).item()
