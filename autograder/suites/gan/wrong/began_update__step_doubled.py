"""Moves k by the sum of the imbalances instead of their mean, divided by the wrong size."""


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real = real_error.mean()
    fake = fake_error.sum() / len(real_error)
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)
