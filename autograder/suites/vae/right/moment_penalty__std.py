"""Library standard deviation and standardised codes."""


def moment_penalty(z):
    mean, std = z.mean(0, keepdim=True), z.std(0, unbiased=False, keepdim=True)
    kurtosis = ((z - mean) / std).pow(4).mean(0)
    return mean.square().sum() + (std - 1).square().sum() + (kurtosis - 3).square().sum()
