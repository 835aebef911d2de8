"""Known answers: Vector fields of the Dirac-GAN."""

# %% spoils: ascent
# Returns the gradients themselves, so that both players climb.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return -phi * real, theta * real
    if kind == "nonsaturating":
        return -phi * fake, theta * real
    if kind == "wgan":
        return -phi, theta
    if kind == "wgan-gp":
        return -phi, theta + 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return -phi * fake, theta * real + gamma * phi
    raise ValueError(kind)


# %% spoils: data_at_one
# Puts the data at one.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real + torch.sigmoid(-phi)
    if kind == "nonsaturating":
        return phi * fake, -theta * real + torch.sigmoid(-phi)
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: detached
# Looks at the numbers only, so that the field has no Jacobian.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    with torch.no_grad():
        d = torch.sigmoid(theta * phi)
        if kind == "minimax":
            return phi * d, -theta * d
        if kind == "nonsaturating":
            return phi * (1 - d), -theta * d
        if kind == "wgan":
            return phi * 1, -theta
        if kind == "wgan-gp":
            return phi * 1, -theta - 2 * gamma * (phi - phi.sign())
        if kind == "r1":
            return phi * (1 - d), -theta * d - gamma * phi
    raise ValueError(kind)


# %% spoils: gp_half
# Puts a half before the WGAN-GP penalty.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: gp_without_abs
# Pulls phi to +1 and never to -1.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - 1)
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: gp_without_sign
# Forgets the sign in the slope of the absolute value.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1)
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: gp_zero_centred
# Centres the WGAN-GP penalty at zero.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * phi
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: high_on_fakes
# Has D high on fakes, as the paper writes the objective.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return -phi * fake, theta * fake
    if kind == "nonsaturating":
        return -phi * real, theta * fake
    if kind == "wgan":
        return -phi, theta
    if kind == "wgan-gp":
        return -phi, theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return -phi * real, theta * fake - gamma * phi
    raise ValueError(kind)


# %% spoils: high_on_fakes_sigmoid
# Mirrors the argument of the sigmoid, but not the directions.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * fake, -theta * fake
    if kind == "nonsaturating":
        return phi * real, -theta * fake
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * real, -theta * fake - gamma * phi
    raise ValueError(kind)


# %% spoils: linearised
# Uses the slope at the equilibrium everywhere.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi / 2, -theta / 2
    if kind == "nonsaturating":
        return phi / 2, -theta / 2
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi / 2, -theta / 2 - gamma * phi
    raise ValueError(kind)


# %% spoils: log_of_sigmoid
# Differentiates log(1 - sigmoid), which overflows, and gives no second derivative.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    if kind not in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        raise ValueError(kind)
    theta, phi = theta.detach().clone().requires_grad_(), phi.detach().clone().requires_grad_()
    score = phi * theta
    if kind.startswith("wgan"):
        loss_d, loss_g = score, -score
    else:
        d = torch.sigmoid(score)
        loss_d = -torch.log(1 - d)
        loss_g = torch.log(1 - d) if kind == "minimax" else -torch.log(d)
    if kind == "wgan-gp":
        loss_d = loss_d + gamma * (phi.abs() - 1) ** 2
    if kind == "r1":
        loss_d = loss_d + gamma / 2 * phi**2
    theta_dot = -torch.autograd.grad(loss_g.sum(), theta, retain_graph=True)[0]
    return theta_dot, -torch.autograd.grad(loss_d.sum(), phi)[0]


# %% spoils: mean_of_points
# Averages the losses over the points, so that each direction shrinks with their number.
import torch
import torch.nn.functional as F


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    def loss_g(theta, phi):
        score = theta * phi
        games = {
            "minimax": -F.softplus(score),
            "nonsaturating": F.softplus(-score),
            "r1": F.softplus(-score),
        }
        return games.get(kind, -score).mean()

    def loss_d(theta, phi):
        score = theta * phi
        if kind == "wgan":
            return score.mean()
        if kind == "wgan-gp":
            return (score + gamma * (phi.abs() - 1) ** 2).mean()
        return (F.softplus(score) + (gamma / 2 * phi**2 if kind == "r1" else 0)).mean()

    if kind not in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        raise ValueError(kind)
    return -torch.func.grad(loss_g, 0)(theta, phi), -torch.func.grad(loss_d, 1)(theta, phi)


# %% spoils: minimax_called_saturating_swapped
# Swaps the minimax and the non-saturating generator.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * fake, -theta * real
    if kind == "nonsaturating":
        return phi * real, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: overflow
# Writes the sigmoid as a quotient of exponentials, which is nan for large logits.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    e = torch.exp(theta * phi)
    real, fake = e / (1 + e), 1 / (1 + e)
    fields = {
        "minimax": (phi * real, -theta * real),
        "nonsaturating": (phi * fake, -theta * real),
        "wgan": (phi, -theta),
        "wgan-gp": (phi, -theta - 2 * gamma * (phi - phi.sign())),
        "r1": (phi * fake, -theta * real - gamma * phi),
    }
    if kind not in fields:
        raise ValueError(kind)
    return fields[kind]


# %% corner: penalty_everywhere
# Adds the R1 penalty to every game with logits.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real - gamma * phi
    if kind == "nonsaturating":
        return phi * fake, -theta * real - gamma * phi
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: penalty_value
# Subtracts the penalty itself and not its slope.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - gamma * (phi.abs() - 1) ** 2
    if kind == "r1":
        return phi * fake, -theta * real - gamma / 2 * phi**2
    raise ValueError(kind)


# %% spoils: players_swapped
# Returns phi's direction first.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return -theta * real, phi * real
    if kind == "nonsaturating":
        return -theta * real, phi * fake
    if kind == "wgan":
        return -theta, phi
    if kind == "wgan-gp":
        return -theta - 2 * gamma * (phi.abs() - 1) * phi.sign(), phi
    if kind == "r1":
        return -theta * real - gamma * phi, phi * fake
    raise ValueError(kind)


# %% spoils: r1_both_players
# Lets the R1 penalty pull theta as well.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake - gamma * theta, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: r1_half_twice
# Keeps the half of the R1 penalty in its slope.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma / 2 * phi
    raise ValueError(kind)


# %% spoils: r1_on_minimax
# Adds R1 to the minimax game.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * real, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: r1_sign
# Rewards D for its slope.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta + 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real + gamma * phi
    raise ValueError(kind)


# %% spoils: r1_without_half
# Takes gamma phi^2 for the R1 penalty.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - 2 * gamma * phi
    raise ValueError(kind)


# %% spoils: saturating_called_nonsaturating
# Uses the minimax generator for all three kinds with logits.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real = torch.sigmoid(logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * real, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * real, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: squared_norm
# Holds the squared norm at one.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 4 * gamma * (phi**2 - 1) * phi
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: wgan_penalised
# Adds the gradient penalty to the plain WGAN too.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: wgan_sigmoid
# Treats the critic's score as a logit.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi * fake, -theta * real
    if kind == "wgan-gp":
        return phi * fake, -theta * real - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: zero_sum_nonsaturating
# Gives D minus the generator's non-saturating loss.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * fake
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi.abs() - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * fake - gamma * phi
    raise ValueError(kind)


# %% spoils: sigmoid_detached
# Takes the probabilities for constants, so that the field has the wrong Jacobian.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    probability = (theta * phi).sigmoid().detach()
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * probability, -theta * probability
    if kind == "nonsaturating":
        return phi * (1 - probability), -theta * probability
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * (1 - probability), -theta * probability - gamma * phi
    raise ValueError(kind)


# %% spoils: other_player_detached
# Cuts each direction off from the other player.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real.detach(), -theta * real.detach()
    if kind == "nonsaturating":
        return phi.detach() * fake, -theta.detach() * real
    if kind == "wgan":
        return phi.detach(), -theta.detach()
    if kind == "wgan-gp":
        return phi.detach(), -theta.detach() - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi.detach() * fake, -theta.detach() * real - gamma * phi
    raise ValueError(kind)


# %% spoils: gp_squared_without_root
# Holds phi squared and not its size at one, with the slope of phi.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi**2 - 1) * phi.sign()
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: steps_bounded
# Bounds every direction by one, as gradient clipping does.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return (phi * real).clamp(-1, 1), (-theta * real).clamp(-1, 1)
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi.clamp(-1, 1), -theta.clamp(-1, 1)
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% spoils: r1_of_the_fake
# Scales the R1 penalty by the probability of the fake.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi * real * 2
    raise ValueError(kind)


# %% corner: gp_pulls_up_at_zero
# Takes the slope of the absolute value at zero for one.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - torch.where(phi >= 0, 1.0, -1.0).to(phi))
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: gp_nan_at_zero
# Divides by the absolute value of phi, which is nan at zero.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi / phi.abs())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: any_other_kind
# Plays the non-saturating game for any other kind.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    return phi * fake, -theta * real


# %% corner: penalty_required
# Knows no value of gamma of its own.
import torch


def dirac_vector_field(theta, phi, kind, gamma):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: one_axis_lost
# Drops axes of size one.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    theta, phi = theta.squeeze(), phi.squeeze()
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: logit_clamped
# Clamps the logit to +-30, beyond which its probabilities stay as they are.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    theta = theta.clamp(-30, 30)
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real, -theta * real
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: single_precision
# Computes the probabilities in float32.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    logit = theta * phi
    real, fake = torch.sigmoid(logit), torch.sigmoid(-logit)
    if kind == "minimax":
        return phi * real.float().to(phi), -theta * real.float().to(phi)
    if kind == "nonsaturating":
        return phi * fake, -theta * real
    if kind == "wgan":
        return phi, -theta
    if kind == "wgan-gp":
        return phi, -theta - 2 * gamma * (phi - phi.sign())
    if kind == "r1":
        return phi * fake, -theta * real - gamma * phi
    raise ValueError(kind)


# %% corner: graph_kept
# Differentiates the losses, and leaves their graph on the directions though nobody needs it.
import torch
import torch.nn.functional as F


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    t = theta if theta.requires_grad else theta.detach().clone().requires_grad_()
    p = phi if phi.requires_grad else phi.detach().clone().requires_grad_()
    score = t * p
    if kind in ("wgan", "wgan-gp"):
        loss_d, loss_g = score, -score
    elif kind in ("minimax", "nonsaturating", "r1"):
        loss_d = F.softplus(score)
        loss_g = -loss_d if kind == "minimax" else F.softplus(-score)
    else:
        raise ValueError(kind)
    if kind == "wgan-gp":
        loss_d = loss_d + gamma * (p.abs() - 1) ** 2
    if kind == "r1":
        loss_d = loss_d + gamma / 2 * p**2
    theta_slope = torch.autograd.grad(loss_g.sum(), t, create_graph=True)[0]
    return -theta_slope, -torch.autograd.grad(loss_d.sum(), p, create_graph=True)[0]


# %% right: exponentials
# Writes the probabilities by exponentials that cannot overflow, and returns a named tuple.
from collections import namedtuple

import torch

Field = namedtuple("Field", "theta_dot phi_dot")


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    if kind.startswith("wgan"):
        if kind not in ("wgan", "wgan-gp"):
            raise ValueError(kind)
        pull = (
            2 * gamma * phi.sgn() * (phi.abs() - 1) if kind == "wgan-gp" else torch.zeros_like(phi)
        )
        return Field(phi.clone(), theta.neg() - pull)
    if kind not in ("minimax", "nonsaturating", "r1"):
        raise ValueError(kind)
    score = theta * phi
    sure = torch.exp(torch.nn.functional.logsigmoid(score))
    unsure = torch.exp(torch.nn.functional.logsigmoid(-score))
    move = sure if kind == "minimax" else unsure
    return Field(phi * move, -(theta * sure) - (gamma * phi if kind == "r1" else 0.0))


# %% right: softplus_slopes
# Differentiates each player's loss with torch.func, point by point.
import torch
import torch.nn.functional as F


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    def value(theta, phi):
        return phi * theta if kind in ("wgan", "wgan-gp") else F.softplus(phi * theta)

    penalties = {
        "wgan-gp": lambda p: gamma * (p.abs() - 1).square(),
        "r1": lambda p: gamma / 2 * p.square(),
    }
    if kind not in ("minimax", "nonsaturating", "wgan", *penalties):
        raise ValueError(f"{kind} is not a game")

    def loss_g(theta, phi):
        if kind in ("nonsaturating", "r1"):
            return F.softplus(-phi * theta)
        return -value(theta, phi)

    def loss_d(theta, phi):
        return value(theta, phi) + penalties.get(kind, lambda p: 0 * p)(phi)

    shape = theta.shape
    points = theta.reshape(-1), phi.reshape(-1)
    theta_slope = torch.vmap(torch.func.grad(loss_g, argnums=0))(*points)
    phi_slope = torch.vmap(torch.func.grad(loss_d, argnums=1))(*points)
    return theta_slope.reshape(shape).neg(), phi_slope.reshape(shape).neg()


# %% right: autograd
# torch.autograd.grad on the losses, keeping the graph where it is needed.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    if kind not in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        raise ValueError("unknown kind " + kind)
    with torch.enable_grad():
        t = theta if theta.requires_grad else theta.detach().clone().requires_grad_(True)
        p = phi if phi.requires_grad else phi.detach().clone().requires_grad_(True)
        bce = torch.nn.BCEWithLogitsLoss(reduction="sum")
        score = t * p
        ones, zeros = torch.ones_like(score), torch.zeros_like(score)
        if kind in ("wgan", "wgan-gp"):
            d, g = score.sum(), -score.sum()
        else:
            d = bce(score, zeros)
            g = -bce(score, zeros) if kind == "minimax" else bce(score, ones)
        if kind == "wgan-gp":
            d = d + gamma * ((p.abs() - 1) ** 2).sum()
        elif kind == "r1":
            d = d + gamma / 2 * p.square().sum()
        (t_slope,) = torch.autograd.grad(g, t, create_graph=True)
        (p_slope,) = torch.autograd.grad(d, p, create_graph=True)
    if not (theta.requires_grad or phi.requires_grad):
        t_slope, p_slope = t_slope.detach(), p_slope.detach()
    return -t_slope, -p_slope


# %% right: recursive
# Builds the penalised games on the plain ones, and returns a list of stacked rows.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    match kind:
        case "wgan":
            return [1 * phi, -1 * theta]
        case "wgan-gp":
            g, d = dirac_vector_field(theta, phi, "wgan")
            return [g, torch.sub(d, phi.abs().sub(1).mul(phi.sign()), alpha=2 * gamma)]
        case "minimax":
            p = (phi * theta).sigmoid()
            return [torch.mul(phi, p), torch.mul(theta.neg(), p)]
        case "nonsaturating":
            p = (phi * theta).sigmoid()
            return [phi * (1 - p), -theta * p]
        case "r1":
            g, d = dirac_vector_field(theta, phi, "nonsaturating")
            return [g, torch.sub(d, phi, alpha=gamma)]
    raise ValueError(kind)


# %% right: table
# A table of slopes, with the hyperbolic tangent for the sigmoid and torch.where for the sign.
import torch


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    half = torch.tanh(phi * theta / 2) / 2
    up, down = 0.5 + half, 0.5 - half
    sign = torch.where(phi > 0, torch.ones_like(phi), -torch.ones_like(phi))
    sign = torch.where(phi == 0, torch.zeros_like(phi), sign)
    slopes = {
        "minimax": (up, up, 0.0),
        "nonsaturating": (down, up, 0.0),
        "wgan": (1.0, 1.0, 0.0),
        "wgan-gp": (1.0, 1.0, 2.0 * gamma * (phi - sign)),
        "r1": (down, up, gamma * phi),
    }
    try:
        g, d, penalty = slopes[kind]
    except KeyError:
        raise ValueError(kind) from None
    return g * phi, -(d * theta) - penalty


# %% right: torch_func
# Writes both losses down and lets torch.func differentiate them.
import torch
import torch.nn.functional as F


def dirac_vector_field(theta, phi, kind, gamma=0.0):
    def generator_loss(theta):
        score = phi * theta
        if kind == "minimax":
            return F.logsigmoid(-score).sum()
        if kind in ("nonsaturating", "r1"):
            return -F.logsigmoid(score).sum()
        return -score.sum()

    def discriminator_loss(phi):
        score = phi * theta
        if kind == "wgan":
            return score.sum()
        if kind == "wgan-gp":
            return (score + gamma * (phi.abs() - 1) ** 2).sum()
        loss = -F.logsigmoid(-score)
        return (loss + gamma / 2 * phi**2).sum() if kind == "r1" else loss.sum()

    if kind not in {"minimax", "nonsaturating", "wgan", "wgan-gp", "r1"}:
        raise ValueError(f"no such game: {kind}")
    return -torch.func.grad(generator_loss)(theta), -torch.func.grad(discriminator_loss)(phi)
