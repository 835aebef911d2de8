"""Hidden checks: the critic's Wasserstein loss."""

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.critic_loss import oracle


@weight(2)
def test_values(student, draw):
    """is right for scores of either sign"""
    real, fake = draw.normal(6) + 1.5, 2 * draw.normal(6)
    close(student.critic_loss(real, fake), oracle.critic_loss(real, fake))


@weight(2)
def test_unequal_batches(student, draw):
    """averages each batch by its own size when real and fake batches differ"""
    real, fake = 1 + draw.normal(9), draw.normal(4)
    close(student.critic_loss(real, fake), oracle.critic_loss(real, fake))
    close(student.critic_loss(real[:, None], fake[:, None]), oracle.critic_loss(real, fake))


def test_estimate(student, draw):
    """does not change when a constant is added to the critic, and scales with it"""
    real, fake = draw.normal(5), draw.normal(7)
    expected = oracle.critic_loss(real, fake)
    close(student.critic_loss(real + 3, fake + 3), expected)
    close(student.critic_loss(5 * real, 5 * fake), 5 * expected)


def test_column(student, draw):
    """takes scores of shape (B, 1) as well"""
    real, fake = draw.normal(6, 1), draw.normal(6, 1)
    close(student.critic_loss(real, fake), oracle.critic_loss(real, fake))


def test_large_scores(student, draw):
    """has no bound: scores in the thousands count in full"""
    real, fake = 3e3 * draw.normal(5), 3e3 * draw.normal(6)
    close(student.critic_loss(real, fake), oracle.critic_loss(real, fake))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the scores of real and of fake data"""
    same_gradients(student.critic_loss, oracle.critic_loss, draw.normal(5), draw.normal(8))


globals().update(usual_checks(oracle.critic_loss, lambda draw: (draw.normal(5), draw.normal(7))))
