"""Hidden checks: the discriminator of patches."""

import pytest

from autograder.checks import after, aspect, close, has_shape, is_true
from autograder.suites.pix2pix.networks import agree_in, network_checks, networks, set_state
from autograder.suites.pix2pix.patch_discriminator import oracle
from autograder.suites.pix2pix.receptive_field import oracle as receptive_field_oracle

ASPECTS = {"values": 0.35, "structure": 0.25, "training": 0.2, "edges": 0.1, "conventions": 0.1}

PATCH_16 = [(4, 2, 1), (4, 1, 1), (4, 1, 1)]
PIXELS = [(1, 1, 0)] * 3
WHOLE = [(4, 2, 1), (4, 2, 1), (4, 2, 1), (2, 1, 0)]
PLAIN = (3, 1, 3, PATCH_16)


def inputs(draw, arguments, n=2, height=16, width=16):
    return tuple(draw.normal(n, channels, height, width) for channels in arguments[:2])


globals().update(
    network_checks(
        oracle.PatchDiscriminator,
        PLAIN,
        [
            (1, 3, 2, PIXELS),
            (2, 2, 3, WHOLE),
            (1, 1, 2, [(3, 1, 1), (4, 2, 0), (3, 2, 2), (1, 1, 0)]),
        ],
        inputs,
    )
)
plain = test_values  # noqa: F821


@aspect("structure")
@pytest.mark.parametrize(("layers", "side"), [(PATCH_16, 14), (PIXELS, 32), (WHOLE, 3)])
def test_map(student, draw, layers, side):
    """gives a map with one logit for each patch, without pooling"""
    theirs = student.PatchDiscriminator(3, 1, 3, layers)
    x, y = (each.float() for each in inputs(draw, (3, 1), 2, 32, 32))
    has_shape(theirs(x, y), 2, 1, side, side)


@aspect("structure")
@after(plain)
@pytest.mark.parametrize("layers", [PATCH_16, [(3, 2, 1), (3, 1, 1)]])
def test_patches(student, draw, layers):
    """looks at a patch of the size that its layers have, of x and of y, and at nothing else"""
    theirs, _ = networks(student, draw, oracle.PatchDiscriminator, 2, 1, 3, layers)
    given = [each.requires_grad_() for each in inputs(draw, (2, 1), 1, 40, 40)]
    logits = theirs.eval()(*given)
    at = logits.shape[-1] // 2
    logits[0, 0, at, at].backward()
    size, step, first = receptive_field_oracle.receptive_field(layers)
    seen = range(first + at * step, first + at * step + size)
    for each in given:
        found = (each.grad != 0).any(1)[0]
        is_true(found.any(1).nonzero().flatten().tolist() == list(seen), "rows")
        is_true(found.any(0).nonzero().flatten().tolist() == list(seen), "columns")


@aspect("structure")
@after(plain)
def test_source_first(student, draw):
    """sees the source image first and the target second"""
    theirs, twin = networks(student, draw, oracle.PatchDiscriminator, 2, 2, 3, PATCH_16)
    weight = twin.blocks[0][0].weight.detach().clone()
    for part in (slice(0, 2), slice(2, 4)):
        only = weight.clone()
        only[:, part] = 0
        set_state(theirs, twin, {"blocks.0.0.weight": only})
        agree_in(False, theirs, twin, *inputs(draw, (2, 2)))


@aspect("edges")
@after(plain)
def test_one_layer(student, draw):
    """works with one layer, which is the last one, and with two"""
    for layers in ([(4, 2, 1)], [(1, 1, 0)], [(3, 2, 1), (2, 1, 0)]):
        theirs, twin = networks(student, draw, oracle.PatchDiscriminator, 1, 2, 3, layers)
        agree_in(True, theirs, twin, *inputs(draw, (1, 2)))


@aspect("edges")
@after(plain)
def test_large_logits(student, draw):
    """returns logits of any size as they are"""
    theirs, twin = networks(student, draw, oracle.PatchDiscriminator, *PLAIN)
    weight = 1e3 * draw.normal(*twin.blocks[2][0].weight.shape)
    set_state(theirs, twin, {"blocks.2.0.weight": weight})
    x, y = inputs(draw, PLAIN)
    close(theirs.eval()(x, y), twin.eval()(x, y).detach(), rtol=1e-5, atol=1e-3)
