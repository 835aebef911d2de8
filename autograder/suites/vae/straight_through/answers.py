"""Known answers: Straight-through gradient."""


# %% wrong: blend
# Blends code and quantised code half and half.
def straight_through(z, z_q):
    return z + 0.5 * (z_q - z).detach()


# %% wrong: everything_detached
# Detaches the result.
def straight_through(z, z_q):
    return (z + (z_q - z)).detach()


# %% wrong: halved_gradient
# Passes half of the gradient.
def straight_through(z, z_q):
    return 0.5 * z + (z_q - 0.5 * z).detach()


# %% wrong: leaks_to_codebook
# Lets the gradient through to the codebook as well.
def straight_through(z, z_q):
    return z_q + z - z.detach()


# %% wrong: no_estimator
# Returns the quantised codes: no gradient reaches the encoder.
def straight_through(z, z_q):
    return z_q


# %% wrong: not_quantised
# Has the parts the other way round: the values are those of z.
def straight_through(z, z_q):
    return z_q + (z - z_q).detach()


# %% right: function
# An autograd function of its own.
import torch


class Quantise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q):
        return z_q.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad, None


def straight_through(z, z_q):
    return Quantise.apply(z, z_q)


# %% right: no_grad
# Computes the jump under no_grad.
import torch


def straight_through(z, z_q):
    with torch.no_grad():
        jump = z_q - z
    return z + jump


# %% right: three_terms
# Detaches term by term.
def straight_through(z, z_q):
    return z_q.detach() + z - z.detach()
