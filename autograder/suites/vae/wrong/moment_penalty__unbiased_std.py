"""Divides by B - 1 in the standard deviation."""


def moment_penalty(z):
    mean, std = z.mean(0), z.std(0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()
