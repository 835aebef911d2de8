"""Known answers: The generator's loss and its parts."""


# %% spoils: lambda_on_adversarial
# Weighs the adversarial part.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return weight * adversarial + l1, adversarial, l1


# %% spoils: l1_weighed
# Returns the L1 part with its weight.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, weight * l1


# %% spoils: l2
# Takes squares in place of absolute values.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).square().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: smooth_l1
# Takes the smooth L1 loss, which is quadratic near 0.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = F.smooth_l1_loss(y_hat, y)
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: l1_summed
# Sums the L1 part over each image.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().sum((1, 2, 3)).mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: saturating
# Has the saturating adversarial loss.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else -F.softplus(fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: wrong_label
# Wants D to take its images for fake.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: adversarial_detached
# Learns from L1 only.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial.detach() + weight * l1, adversarial, l1


# %% spoils: logits_detached
# Detaches the logits.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = (
        torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits.detach()).mean()
    )
    return adversarial + weight * l1, adversarial, l1


# %% spoils: parts_of_floats
# Returns the parts as numbers, without gradients.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, float(adversarial), float(l1)


# %% spoils: log_of_sigmoid
# Takes logarithms of probabilities.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = (
        torch.zeros_like(l1) if fake_logits is None else -torch.log(fake_logits.sigmoid()).mean()
    )
    return adversarial + weight * l1, adversarial, l1


# %% spoils: order
# Returns the L1 part before the adversarial one.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, l1, adversarial


# %% spoils: falsy_logits
# Takes None only for no discriminator if the weight is not 0.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = (
        torch.zeros_like(l1)
        if fake_logits is None or not weight
        else F.softplus(-fake_logits).mean()
    )
    return adversarial + weight * l1, adversarial, l1


# %% spoils: adversarial_halved
# Halves the adversarial part, as in the discriminator's loss.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = (
        torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean() / 2
    )
    return adversarial + weight * l1, adversarial, l1


# %% corner: root_of_square
# Takes the root of the square, whose slope at 0 is nan.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).square().sqrt().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: no_none
# Fails without a discriminator.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% corner: zero_on_cpu
# Makes the 0 on the CPU, in float32, whatever the images are.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros(()) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% spoils: target_detached
# Sends no gradient to the target.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y.detach()).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1


# %% corner: single_precision
# Computes the adversarial part in float32.
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    l1 = (y_hat - y).abs().mean()
    adversarial = (
        torch.zeros_like(l1)
        if fake_logits is None
        else F.softplus(-fake_logits.float()).mean().to(l1.dtype)
    )
    return adversarial + weight * l1, adversarial, l1


# %% right: library
# Uses the library's losses and a named tuple.
from typing import NamedTuple


class Parts(NamedTuple):
    total: Tensor
    adversarial: Tensor
    l1: Tensor


def generator_loss(fake_logits, y_hat, y, weight):
    l1 = F.l1_loss(y_hat, y)
    if fake_logits is None:
        return Parts(weight * l1, l1.new_zeros(()), l1)
    labels = torch.ones_like(fake_logits)
    adversarial = F.binary_cross_entropy_with_logits(fake_logits, labels)
    return Parts(adversarial + weight * l1, adversarial, l1)


# %% right: log_sigmoid
# Uses log sigmoid, and flattens.
def generator_loss(fake_logits, y_hat, y, weight):
    l1 = torch.linalg.vector_norm((y - y_hat).flatten(), 1) / y.numel()
    if fake_logits is not None:
        adversarial = F.logsigmoid(fake_logits).mean().neg()
    else:
        adversarial = 0 * l1.detach()
    return [torch.add(adversarial, l1, alpha=weight), adversarial, l1]


# %% right: zero_number
# Returns a plain 0.0 for the adversarial part if there is none.
def generator_loss(fake_logits, y_hat, y, weight):
    l1 = torch.mean(torch.abs(y_hat - y))
    adversarial = 0.0 if fake_logits is None else F.softplus(fake_logits.neg()).mean()
    return adversarial + weight * l1, adversarial, l1
