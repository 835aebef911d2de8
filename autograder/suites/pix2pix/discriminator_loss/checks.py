"""Hidden checks: the discriminator's loss, averaged over real and fake."""

from autograder.checks import usual_checks
from autograder.suites.gan.player_losses import logit_checks, loss_checks
from autograder.suites.pix2pix.discriminator_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

globals().update(loss_checks(oracle.discriminator_loss, "logits"))
globals().update(logit_checks(oracle.discriminator_loss))
globals().update(
    usual_checks(
        oracle.discriminator_loss, lambda draw: (draw.normal(4, 1, 3, 2), draw.normal(6, 1, 2, 2))
    )
)
