"""Leaves the absolute value out of the measure of convergence."""


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + balance
