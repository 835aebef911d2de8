"""Hidden checks: the generator's minimax loss from logits."""

from autograder.checks import usual_checks
from autograder.suites.gan.generator_loss_minimax import oracle
from autograder.suites.gan.player_losses import logit_checks, loss_checks

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

globals().update(loss_checks(oracle.generator_loss_minimax, "logits"))
globals().update(logit_checks(oracle.generator_loss_minimax))
globals().update(usual_checks(oracle.generator_loss_minimax, lambda draw: (draw.normal(4, 1),)))
