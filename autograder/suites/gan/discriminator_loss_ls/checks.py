"""Hidden checks: the discriminator's least-squares loss."""

from autograder.checks import usual_checks
from autograder.suites.gan.discriminator_loss_ls import oracle
from autograder.suites.gan.player_losses import loss_checks, square_checks

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

globals().update(loss_checks(oracle.discriminator_loss_ls, "outputs"))
globals().update(square_checks(oracle.discriminator_loss_ls))
globals().update(
    usual_checks(oracle.discriminator_loss_ls, lambda draw: (draw.normal(4, 1), draw.normal(6, 1)))
)
