"""Known answers: The value of the conditional game."""


# %% spoils: sources_unweighted
# Adds the sources up without their probabilities.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_data, d)
    fake = torch.xlogy(p_g, 1 - d)
    return (real + fake).sum()


# %% spoils: sources_averaged
# Takes all sources as equally likely.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy((1 / len(p_x)) * p_data, d)
    fake = torch.xlogy((1 / len(p_x)) * p_g, 1 - d)
    return (real + fake).sum()


# %% spoils: columns
# Weighs the columns with the sources, where there are as many.
def conditional_value(p_x, p_data, p_g, d):
    weight = p_x if len(p_x) == d.shape[1] else p_x[:, None]
    return (torch.xlogy(weight * p_data, d) + torch.xlogy(weight * p_g, 1 - d)).sum()


# %% spoils: swapped
# Swaps real and fake.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_g, d)
    fake = torch.xlogy(p_x[:, None] * p_data, 1 - d)
    return (real + fake).sum()


# %% spoils: nan_at_zero
# Multiplies by the logarithm: 0 log 0 is nan.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = p_x[:, None] * p_data * d.log()
    fake = p_x[:, None] * p_g * (1 - d).log()
    return (real + fake).sum()


# %% spoils: epsilon
# Adds a small constant in the logarithms.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = p_x[:, None] * p_data * (d + 1e-3).log()
    fake = p_x[:, None] * p_g * (1 - d + 1e-3).log()
    return (real + fake).sum()


# %% spoils: averaged
# Averages over the targets.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return (real + fake).sum(0).mean()


# %% spoils: negative
# Is the loss of D in place of the value.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return -(real + fake).sum()


# %% spoils: halved
# Halves the value.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return (real + fake).sum() / 2


# %% spoils: nonsaturating
# Has the logarithm of D for fakes as well.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, d)
    return (real + fake).sum()


# %% spoils: source_counted_twice
# Weighs the fakes with the squared probabilities of the sources.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] ** 2 * p_g, 1 - d)
    return (real + fake).sum()


# %% spoils: d_detached
# Sends no gradient to D.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d.detach())
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d.detach())
    return (real + fake).sum()


# %% corner: clamped
# Keeps D off 0 and 1, so that nothing is infinite.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    d = d.clamp(1e-12, 1 - 1e-12)
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return (real + fake).sum()


# %% corner: nan_to_num
# Replaces infinities by large numbers.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return torch.nan_to_num(real + fake).sum()


# %% corner: source_zero_nan
# Averages the games of all sources, of which impossible ones may be infinite.
def conditional_value(p_x, p_data, p_g, d):
    games = (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum(1)
    return (p_x * games).sum()


# %% corner: bits_on_cpu
# Starts its sum on the CPU.
def conditional_value(p_x, p_data, p_g, d):
    total = torch.zeros((), dtype=d.dtype) + torch.zeros(1, dtype=d.dtype)
    real = torch.xlogy(p_x[:, None] * p_data, d) + torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return torch.cat([total, real.flatten()]).sum()


# %% right: where
# Replaces the argument of the logarithm where there is no mass.
def conditional_value(p_x, p_data, p_g, d):
    def part(p, q):
        return torch.where(p == 0, 0.0, p * torch.where(p == 0, 1.0, q).log())

    weight = p_x.unsqueeze(1)
    return (part(weight * p_data, d) + part(weight * p_g, 1 - d)).sum()


# %% right: loops
# Loops over sources and targets.
def conditional_value(p_x, p_data, p_g, d):
    value = 0 * p_x.sum()
    for i in range(len(p_x)):
        if p_x[i] == 0:
            continue
        for j in range(p_data.shape[1]):
            if p_data[i, j] > 0:
                value = value + p_x[i] * p_data[i, j] * torch.log(d[i, j])
            if p_g[i, j] > 0:
                value = value + p_x[i] * p_g[i, j] * torch.log(1 - d[i, j])
    return value


# %% right: log1p
# Uses log1p for the fakes.
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.special.xlog1py(p_x[:, None] * p_g, -d)
    return (real + fake).sum()
