"""Hidden checks: the generator with a bottleneck."""

from autograder.checks import after, aspect, is_true
from autograder.suites.pix2pix.encoder_decoder import oracle
from autograder.suites.pix2pix.networks import agree_in, generator_checks, networks, set_state

ASPECTS = {
    "values": 0.3,
    "structure": 0.2,
    "training": 0.2,
    "noise": 0.15,
    "edges": 0.05,
    "conventions": 0.1,
}

globals().update(generator_checks(oracle.EncoderDecoder))


@aspect("structure")
@after(test_values)  # noqa: F821
def test_bottleneck(student, draw):
    """lets nothing pass but through the middle"""
    theirs, twin = networks(student, draw, oracle.EncoderDecoder, 3, 1, (4, 6, 5), 0.0)
    weight = twin.up[0][0].weight.detach()
    set_state(theirs, twin, {"up.0.0.weight": 0 * weight})
    x, other = draw.normal(2, 3, 16, 16), draw.normal(2, 3, 16, 16)
    agree_in(False, theirs, twin, x)
    is_true(bool((theirs(x) - theirs(other)).detach().abs().max() < 1e-12))
