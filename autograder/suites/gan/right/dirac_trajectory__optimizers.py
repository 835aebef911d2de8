"""Two parameters, two losses, two SGD optimizers, as a GAN is trained."""

import torch
import torch.nn.functional as F


def dirac_trajectory(theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None):
    theta = torch.nn.Parameter(torch.as_tensor(theta).detach().clone())
    phi = torch.nn.Parameter(torch.as_tensor(phi).detach().clone())
    opt_g = torch.optim.SGD([theta], lr=step_size)
    opt_d = torch.optim.SGD([phi], lr=step_size)

    def gradient(player):
        score = phi * theta
        if player is theta:
            games = {"minimax": -F.softplus(score), "wgan": -score, "wgan-gp": -score}
            loss = games.get(kind, F.softplus(-score))
        else:
            loss = score if kind in ("wgan", "wgan-gp") else F.softplus(score)
            if kind == "wgan-gp":
                loss = loss + gamma * (phi.abs() - 1) ** 2
            if kind == "r1":
                loss = loss + 0.5 * gamma * phi**2
        player.grad = torch.autograd.grad(loss, player)[0]

    def step_d():
        opt_d.step()
        if clip is not None:
            with torch.no_grad():
                phi.clamp_(-clip, clip)

    rows = [torch.stack([theta.detach(), phi.detach()])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                gradient(phi)
                step_d()
            gradient(theta)
            opt_g.step()
        else:
            gradient(theta)
            gradient(phi)
            opt_g.step()
            step_d()
        rows.append(torch.stack([theta.detach(), phi.detach()]))
    return torch.stack(rows)
