"""Returns k as a tensor that drags the graph along."""


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real - fake
    new_k = (k + lambda_k * balance).clamp(0, 1)
    return real - k * fake, fake, new_k, (real + balance.abs()).item()
