"""Known answers: Straight-through gradient."""


# %% spoils: blend
# Blends code and quantised code half and half.
def straight_through(z, z_q):
    return z + 0.5 * (z_q - z).detach()


# %% spoils: everything_detached
# Detaches the result.
def straight_through(z, z_q):
    return (z + (z_q - z)).detach()


# %% spoils: halved_gradient
# Passes half of the gradient.
def straight_through(z, z_q):
    return 0.5 * z + (z_q - 0.5 * z).detach()


# %% spoils: leaks_to_codebook
# Lets the gradient through to the codebook as well.
def straight_through(z, z_q):
    return z_q + z - z.detach()


# %% spoils: no_estimator
# Returns the quantised codes: no gradient reaches the encoder.
def straight_through(z, z_q):
    return z_q


# %% spoils: not_quantised
# Has the parts the other way round: the values are those of z.
def straight_through(z, z_q):
    return z_q + (z - z_q).detach()


# %% spoils: clipped_gradient
# Clips the gradient to [-5, 5] on its way back.
class Clipped(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q):
        return z_q.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad.clamp(-5, 5), None


def straight_through(z, z_q):
    return Clipped.apply(z, z_q)


# %% spoils: hard_tanh
# Stops the gradient where z is far out, as binary networks do.
def straight_through(z, z_q):
    inside = (z.abs() <= 3).to(z.dtype)
    passed = z * inside
    return passed + (z_q - passed).detach()


# %% spoils: hook_on_the_leaf
# Writes the gradient into z.grad by a hook, which goes no further than z.
def straight_through(z, z_q):
    result = z_q.detach().clone()
    if z.requires_grad:

        def pass_on(gradient):
            z.grad = gradient

        result.requires_grad_()
        result.register_hook(pass_on)
    return result


# %% spoils: multiplied
# Scales z by a constant factor, which scales the gradient as well.
def straight_through(z, z_q):
    return z * (z_q / z).detach()


# %% spoils: overwritten
# Writes the quantised codes into z behind autograd's back: the commitment loss after it is zero.
def straight_through(z, z_q):
    z.data.copy_(z_q)
    return z + 0


# %% spoils: marked_as_constant
# Marks the caller's quantised codes as needing no gradients, so that no loss trains them.
def straight_through(z, z_q):
    z_q.requires_grad_(False)
    return z + z_q - z.detach()


# %% corner: squeezed
# Takes away the axis of a batch of one, and that of codes of one number.
def straight_through(z, z_q):
    return (z + (z_q - z).detach()).squeeze()


# %% corner: half_of_float64
# Computes in single precision and converts back.
def straight_through(z, z_q):
    return (z.float() + (z_q.float() - z.float()).detach()).to(z.dtype)


# %% corner: history
# Marks the result as needing gradients, also where z does not.
def straight_through(z, z_q):
    result = z + (z_q - z).detach()
    return result if result.requires_grad else result.requires_grad_()


# %% corner: step_aside
# Passes no gradient to a code that is already where it should be.
def straight_through(z, z_q):
    moved = (z != z_q).to(z.dtype)
    passed = z * moved
    return passed + (z_q - passed).detach()


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


# %% right: own_copy
# Overwrites a copy of z in place, where autograd does not look.
def straight_through(z, z_q):
    result = z.clone()
    result.data.copy_(z_q)
    return result


# %% right: numpy_jump
# Takes the jump through numpy, where no gradient goes.
def straight_through(z, z_q):
    jump = z_q.detach().cpu().numpy() - z.detach().cpu().numpy()
    return z + torch.from_numpy(jump).to(z.device)
