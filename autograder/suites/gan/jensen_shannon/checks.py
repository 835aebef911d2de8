"""Hidden checks: the Jensen-Shannon divergence on N points."""

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.jensen_shannon import oracle


def probabilities(draw, n=9, empty=()):
    """n random probabilities that sum to one, zero at the points named."""
    p = draw.uniform(n, low=0.1)
    p[list(empty)] = 0
    return p / p.sum()


@weight(3)
def test_values(student, draw):
    """is right for random distributions"""
    p, q = probabilities(draw), probabilities(draw)
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_skewed(student, draw):
    """is right for distributions that are very different, whichever comes first"""
    p, q = (4 * draw.normal(9)).softmax(0), (4 * draw.normal(9)).softmax(0)
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))
    close(student.jensen_shannon(q, p), oracle.jensen_shannon(q, p))


@weight(2)
def test_zeros(student, draw):
    """is right where one of the two is zero"""
    p, q = probabilities(draw, empty=(0, 4)), probabilities(draw, empty=(1, 7))
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_both_zero(student, draw):
    """is right where both are zero at the same point"""
    p, q = probabilities(draw, empty=(0, 4, 5)), probabilities(draw, empty=(0, 5, 7))
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_disjoint(student, draw):
    """is right for distributions that do not overlap"""
    p, q = probabilities(draw, empty=range(5)), probabilities(draw, empty=range(5, 9))
    close(student.jensen_shannon(p, q), oracle.jensen_shannon(p, q))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to both distributions"""

    def of_logits(
        divergence,
    ):  # gradients along the simplex: off it, formulas that agree for probabilities differ
        return lambda p, q: divergence(p.softmax(0), q.softmax(0))

    same_gradients(
        of_logits(student.jensen_shannon),
        of_logits(oracle.jensen_shannon),
        draw.normal(9),
        draw.normal(9),
    )


globals().update(
    usual_checks(
        oracle.jensen_shannon, lambda draw: (probabilities(draw), probabilities(draw)), rtol=1e-9
    )
)
