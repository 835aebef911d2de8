"""Hidden checks: the generator's Wasserstein loss."""

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.wgan_generator_loss import oracle


@weight(2)
def test_values(student, draw):
    """is right for scores of either sign"""
    fake = draw.normal(7) - 0.5
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


def test_column(student, draw):
    """takes scores of shape (B, 1) as well"""
    fake = 1 + draw.normal(6, 1)
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


def test_large_scores(student, draw):
    """has no bound: scores in the thousands count in full"""
    fake = 3e3 * draw.normal(5)
    close(student.wgan_generator_loss(fake), oracle.wgan_generator_loss(fake))


@weight(2)
def test_gradients(student, draw):
    """sends each score the same gradient, in the direction of higher scores"""
    same_gradients(student.wgan_generator_loss, oracle.wgan_generator_loss, draw.normal(6))


globals().update(usual_checks(oracle.wgan_generator_loss, lambda draw: (draw.normal(7),)))
