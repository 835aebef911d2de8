"""Takes the moments over the latents of each code."""


def moment_penalty(z):
    mean, std = z.mean(1), z.std(1, correction=0)
    kurtosis = ((z - mean[:, None]) ** 4).mean(1) / std**4
    return (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()
