"""Averages over the latents."""


def moment_penalty(z):
    mean, std = z.mean(0), z.std(0, correction=0)
    kurtosis = ((z - mean) ** 4).mean(0) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).mean()
