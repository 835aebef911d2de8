"""Hidden checks: the energy-based GAN's margin loss."""

import torch

from autograder.checks import after, aspect, close, same_gradients, usual_checks
from autograder.suites.gan.ebgan_discriminator_loss import oracle

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}


def energies(draw, n=7, m=7):
    """Energies of real images round 1 and of generated ones from 0 to 6."""
    return draw.uniform(n, low=0.2, high=2.0), torch.linspace(0.05, 6.0, m, dtype=torch.float64)[
        draw.permutation(m)
    ] + 0.03 * draw.uniform(m)


def agrees(student, real, fake, margin):
    close(
        student.ebgan_discriminator_loss(real, fake, margin),
        oracle.ebgan_discriminator_loss(real, fake, margin),
    )


def gradients_agree(student, real, fake, margin):
    same_gradients(
        lambda real_energy, fake_energy: student.ebgan_discriminator_loss(
            real_energy, fake_energy, margin
        ),
        lambda real_energy, fake_energy: oracle.ebgan_discriminator_loss(
            real_energy, fake_energy, margin
        ),
        real,
        fake,
    )


def test_mixed(student, draw):
    """is right when some generated images lie within the margin and some beyond"""
    real, fake = energies(draw)
    for margin in (1.3, 2.6, 4.7):
        agrees(student, real, fake, margin)


def test_each_image(student, draw):
    """applies the margin to each generated image: one of huge energy does not excuse the others"""
    real, fake = energies(draw)
    fake[2] = 100.0
    agrees(student, real, fake, 3.1)


def test_beyond(student, draw):
    """gains nothing from generated images beyond the margin"""
    real, fake = energies(draw)
    agrees(student, real, fake + 8, 2.5)


@after(test_mixed)
def test_sizes(student, draw):
    """averages each batch by its own size when the two differ"""
    for n, m in ((3, 8), (8, 3), (1, 4), (4, 1), (1, 1)):
        agrees(student, *energies(draw, n, m), 2.4)


@aspect("edges")
@after(test_mixed)
def test_within(student, draw):
    """counts in full what is missing to the margin, however large that is"""
    real, fake = energies(draw)
    agrees(student, real, fake, 12.0)
    agrees(student, real, fake, 300)


@aspect("edges")
@after(test_mixed)
def test_high_real_energy(student, draw):
    """has no margin for the real images, however high their energy"""
    real, fake = energies(draw)
    agrees(student, 200 * real, fake, 1.7)


@aspect("gradients")
@after(test_mixed)
def test_gradients(student, draw):
    """sends gradients to the real images and to the generated ones within the margin, none to those
    beyond
    """
    gradients_agree(student, *energies(draw, 5, 8), 2.5)


@aspect("gradients")
@after(test_mixed)
def test_gradients_at_the_ends(student, draw):
    """sends the right gradients when all generated images lie within the margin, or all beyond"""
    gradients_agree(student, *energies(draw, 6, 6), 20.0)
    gradients_agree(student, *energies(draw, 6, 6), 0.01)


globals().update(
    usual_checks(oracle.ebgan_discriminator_loss, lambda draw: (*energies(draw, 4, 6), 2.5))
)
