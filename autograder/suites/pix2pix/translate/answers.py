"""Known answers: Translations with the noise on."""


# %% spoils: all_in_evaluation
# Puts everything into evaluation mode: there is no noise.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = False
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: all_in_training
# Puts everything into training mode, batch norm as well.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = True
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: as_it_is
# Uses the mode that the generator is in.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            pass
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: dropout_only
# Turns dropout on and leaves all else as it is.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = module.training or isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: no_dropout_2d
# Forgets the dropout of channels.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: top_level_only
# Looks at the parts of the generator, and not at parts of parts.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    generator.eval()
    modes = [(module, True) for module in generator.children()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: one_draw
# Draws once, and repeats it.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x)] * n_draws)
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: draws_in_the_batch
# Puts the draws behind the batch.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)], dim=1)
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: seeded
# Seeds the noise anew for each draw.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([torch.manual_seed(0) and generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: left_in_evaluation
# Leaves the generator in evaluation mode.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = False


# %% spoils: all_trained_afterwards
# Leaves everything in training mode.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = True


# %% spoils: root_mode
# Restores all parts to the mode of the whole.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.train(modes[0][1])


# %% spoils: with_graph
# Keeps the graph.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.enable_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: freezes
# Freezes the generator.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        generator.requires_grad_(False)
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: averaged
# Averages the draws.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return (
                torch.stack([generator(x) for _ in range(n_draws)])
                .mean(0, keepdim=True)
                .expand(n_draws, -1, -1, -1, -1)
            )
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: one_by_one
# Translates each image by itself in training mode.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = True
        with torch.no_grad():
            return torch.stack(
                [torch.cat([generator(each) for each in x.split(1)]) for _ in range(n_draws)]
            )
    finally:
        for module, mode in modes:
            module.training = mode


# %% corner: clamped
# Keeps the draws in [-1, 1].
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x).clamp(-1, 1) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% spoils: noise_added
# Adds noise to the image.
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x + 0.01 * torch.randn_like(x)) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode


# %% right: copy
# Works on a copy.
import copy


def translate(generator, x, n_draws):
    network = copy.deepcopy(generator).eval()
    for module in network.modules():
        if isinstance(module, (nn.Dropout, nn.Dropout2d)):
            module.train()
    with torch.inference_mode():
        draws = [network(x) for _ in range(n_draws)]
    return torch.stack([draw.clone() for draw in draws])


# %% right: by_name
# Keeps the modes in a dictionary by name.
def translate(generator, x, n_draws):
    modes = {name: module.training for name, module in generator.named_modules()}
    generator.eval()
    for module in generator.modules():
        if type(module).__name__.startswith("Dropout"):
            module.train(True)
    draws = []
    with torch.no_grad():
        for _ in range(n_draws):
            draws.append(generator(x).unsqueeze(0))
    for name, module in generator.named_modules():
        module.training = modes[name]
    return torch.cat(draws, dim=0)


# %% right: context_manager
# Sets and restores modes in a context manager.
from contextlib import contextmanager


@contextmanager
def noisy(network):
    before = {module: module.training for module in network.modules()}
    for module in before:
        module.training = isinstance(module, (nn.Dropout, nn.Dropout2d))
    yield
    for module, mode in before.items():
        module.training = mode


def translate(generator, x, n_draws):
    with noisy(generator), torch.no_grad():
        first = generator(x)
        draws = torch.empty(n_draws, *first.shape, dtype=first.dtype, device=first.device)
        draws[0] = first
        for i in range(1, n_draws):
            draws[i] = generator(x)
    return draws
