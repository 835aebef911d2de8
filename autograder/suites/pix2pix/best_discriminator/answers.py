"""Known answers: The best discriminator, with and without the source."""


# %% spoils: generators_share
# Returns the share of the fakes.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, fake / torch.where(nothing, 1.0, total))


# %% spoils: always_sees_x
# Sees the source in any case.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if False:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: never_sees_x
# Never sees the source.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if True:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: flag_reversed
# Takes the flag the other way round.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: average_of_answers
# Averages the answers of the D that sees the source.
def best_discriminator(p_x, p_data, p_g, sees_x=True):
    total = p_data + p_g
    d = torch.where(total == 0, 0.5, p_data / torch.where(total == 0, 1.0, total))
    d = torch.where((p_x == 0)[:, None], 0.5, d)
    return d if sees_x else (p_x @ d).expand(d.shape) + 0.0


# %% spoils: marginals_unweighted
# Adds the sources up without their probabilities.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = (p_x > 0)[:, None] * p_data, (p_x > 0)[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: one_row
# Returns one row without the source.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: nan
# Divides by 0 where nothing occurs.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return real / total


# %% spoils: sum_over_targets
# Sums over the targets in place of the sources.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(1, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: ratio
# Returns the odds.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(fake == 0, 1.0, fake))


# %% spoils: epsilon
# Adds a small constant to the divisor.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / (total + 1e-3))


# %% spoils: hard
# Decides for the likelier one.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, (real > fake).to(real.dtype) + 0.5 * (real == fake))


# %% spoils: detached
# Sends no gradient to the generator's distribution.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    fake = fake.detach()
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% spoils: zero_where_nothing
# Answers 0 where nothing occurs.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.0, real / torch.where(nothing, 1.0, total))


# %% corner: impossible_sources
# Answers for sources that never come by their rows.
def best_discriminator(p_x, p_data, p_g, sees_x=True):
    real, fake = p_data, p_g
    if not sees_x:
        real, fake = ((p_x @ part).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    return torch.where(total == 0, 0.5, real / torch.where(total == 0, 1.0, total))


# %% corner: tiny_is_nothing
# Takes small probabilities for none.
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total < 1e-9
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))


# %% right: nan_to_num
# Divides, and replaces what is not a number.
def best_discriminator(p_x, p_data, p_g, sees_x=True):
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real = torch.ones_like(p_data) * real.sum(0)
        fake = torch.ones_like(p_data) * fake.sum(0)
    return torch.nan_to_num(real / (real + fake), nan=0.5)


# %% right: matrix_products
# Gets the marginals by a matrix product, and answers by a sigmoid of log odds.
def best_discriminator(p_x, p_data, p_g, sees_x=True):
    if sees_x:
        real, fake = (torch.diag(p_x) @ part for part in (p_data, p_g))
    else:
        real, fake = (torch.outer(torch.ones_like(p_x), p_x @ part) for part in (p_data, p_g))
    odds = torch.log(real) - torch.log(fake)
    return torch.where((real == 0) & (fake == 0), 0.5, torch.sigmoid(odds))


# %% right: loops
# Loops over sources.
def best_discriminator(p_x, p_data, p_g, sees_x=True):
    rows = []
    for i in range(len(p_x)):
        if sees_x:
            real, fake = p_x[i] * p_data[i], p_x[i] * p_g[i]
        else:
            real, fake = (p_x[:, None] * p_data).sum(0), (p_x[:, None] * p_g).sum(0)
        row = []
        for a, b in zip(real, fake):
            row.append(a / (a + b) if a + b > 0 else 0 * a + 0.5)
        rows.append(torch.stack(row))
    return torch.stack(rows)
