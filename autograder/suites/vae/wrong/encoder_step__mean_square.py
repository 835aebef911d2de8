"""Minimises the mean square of the codes instead of the moment penalty."""


def encoder_step(encoder, optimizer, x):
    optimizer.zero_grad()
    penalty = encoder(x).pow(2).mean()
    penalty.backward()
    optimizer.step()
    return penalty.item()
