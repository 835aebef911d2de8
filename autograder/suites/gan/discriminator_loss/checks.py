"""Hidden checks: the discriminator's cross-entropy from logits."""

from autograder.checks import usual_checks
from autograder.suites.gan.discriminator_loss import oracle
from autograder.suites.gan.player_losses import logit_checks, loss_checks

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

globals().update(loss_checks(oracle.discriminator_loss, "logits"))
globals().update(logit_checks(oracle.discriminator_loss))
globals().update(
    usual_checks(oracle.discriminator_loss, lambda draw: (draw.normal(4, 1), draw.normal(6, 1)))
)
