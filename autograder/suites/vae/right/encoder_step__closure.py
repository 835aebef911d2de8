"""Hands the optimizer a closure."""

# ruff: noqa: F821  (earlier answers are names of the notebook)


def encoder_step(encoder, optimizer, x):
    def closure():
        encoder.zero_grad()
        loss = moment_penalty(encoder(x))
        loss.backward()
        return loss

    return float(optimizer.step(closure))
