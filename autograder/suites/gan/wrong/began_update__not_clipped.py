"""Lets k leave its range at both ends."""


def began_update(real_error, fake_error, k, gamma, lambda_k):
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = k + lambda_k * balance
    return real - k * fake, fake, new_k, real.item() + abs(balance)
