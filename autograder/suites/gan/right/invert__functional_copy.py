"""Works on a frozen copy of the generator, with the library's mean squared error."""

import copy


def invert(generator, x, z_init, n_steps, lr):
    frozen = copy.deepcopy(generator).eval().requires_grad_(False)
    z = nn.Parameter(z_init.detach().clone())
    optimizer = torch.optim.Adam([z], lr)
    for _ in range(n_steps):
        optimizer.zero_grad()
        F.mse_loss(frozen(z), x).backward()
        optimizer.step()
    return z.data
