"""Builds the penalised games on the plain ones, and returns a list of stacked rows."""

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
