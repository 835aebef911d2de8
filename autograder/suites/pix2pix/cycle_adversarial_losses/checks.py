"""Hidden checks: the adversarial losses of both maps."""

import pytest

from autograder.checks import Watched, after, aspect, close, is_true, same_gradients, usual_checks
from autograder.suites.pix2pix.cycle_adversarial_losses import oracle
from autograder.suites.pix2pix.two_domains import images, parts, weighted

ASPECTS = {"values": 0.5, "gradients": 0.3, "edges": 0.1, "conventions": 0.1}


def judge_a(x):
    """Outputs (B, 1, H, W - 1): a map of patches."""
    return 2 * x[..., 1:].square().mean(1, keepdim=True) - x[:, :1, :, :-1]


def judge_b(x):
    """Outputs (B,): one for each image."""
    return 1.5 * x.flatten(1).mean(1) - 0.7


def asked(student, *given):
    return student.cycle_adversarial_losses(judge_a, judge_b, *given)


def expected(*given):
    return oracle.cycle_adversarial_losses(judge_a, judge_b, *given)


@pytest.mark.parametrize("sizes", [(3, 3), (5, 2), (1, 4)])
def test_values(student, draw, sizes):
    """is right for both maps, whose batches may differ in size"""
    given = images(draw, *sizes, (2, 3, 4))
    close(parts(asked(student, *given)), expected(*given))


@after(test_values)
def test_far_outputs(student, draw):
    """takes outputs as they are, far outside [0, 1] too"""
    for scale in (20, 500):
        given = [scale * x for x in images(draw, 2, 3, (1, 2, 3))]
        close(parts(asked(student, *given)), expected(*given))


@after(test_values)
@pytest.mark.parametrize("take", [0, 1])
def test_each(student, draw, take):
    """has G judged by D_B alone, and F by D_A alone"""
    given = list(images(draw, 3, 3, (2, 3, 4)))
    before = parts(asked(student, *given))
    given[take] = given[take] + 1
    now = parts(asked(student, *given))
    close(now[take], before[take])
    close(now, expected(*given))


@aspect("gradients")
@pytest.mark.parametrize("sizes", [(3, 4), (1, 1)])
def test_gradients(student, draw, sizes):
    """sends the right gradients to the translations, through the discriminators"""
    given = images(draw, *sizes, (2, 3, 4))
    same_gradients(
        weighted(lambda *x: asked(student, *x)),
        lambda fake_a, fake_b: weighted(expected)(fake_a, fake_b),
        *given,
    )


@aspect("gradients")
@after(test_gradients)
def test_gradients_when_fooled(student, draw):
    """sends finite gradients where every output is exactly 1"""
    given = images(draw, 2, 2, (1, 2, 2))

    def ones(x):
        return 0 * x + 1

    same_gradients(
        weighted(lambda *x: student.cycle_adversarial_losses(ones, ones, *x)),
        lambda fake_a, fake_b: weighted(lambda *x: oracle.cycle_adversarial_losses(ones, ones, *x))(
            fake_a, fake_b
        ),
        *given,
    )


@aspect("edges")
@after(test_values)
def test_calls(student, draw):
    """calls each discriminator once, with the whole batch as it is"""
    fake_a, fake_b = images(draw, 2, 3)
    seen_a, seen_b = Watched(judge_a), Watched(judge_b)
    student.cycle_adversarial_losses(seen_a, seen_b, fake_a, fake_b)
    is_true(len(seen_a.calls) == 1 and len(seen_b.calls) == 1)
    close([seen_a.calls[0][0], seen_b.calls[0][0]], [fake_a, fake_b])


@aspect("edges")
@after(test_values)
def test_single_output(student, draw):
    """takes a discriminator that gives one number for the whole batch, of shape ()"""
    given = images(draw)

    def one(x):
        return 2 * x.mean()

    close(
        parts(student.cycle_adversarial_losses(one, one, *given)),
        oracle.cycle_adversarial_losses(one, one, *given),
    )


globals().update(
    usual_checks(
        oracle.cycle_adversarial_losses,
        lambda draw: (judge_a, judge_b, *images(draw, 2, 3, (2, 3, 4))),
    )
)
