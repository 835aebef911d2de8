"""Hidden checks: the energy-based GAN's margin loss."""

import torch

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.gan.ebgan_discriminator_loss import oracle


def energies(draw, n=7, m=7):
    """Energies of real images round 1 and of generated ones from 0 to 6."""
    return draw.uniform(n, low=0.2, high=2.0), torch.linspace(0.05, 6.0, m, dtype=torch.float64)[
        draw.permutation(m)
    ] + 0.03 * draw.uniform(m)


@weight(3)
def test_mixed(student, draw):
    """is right when some generated images lie within the margin and some beyond"""
    real, fake = energies(draw)
    for margin in (1.3, 2.6, 4.7):
        close(
            student.ebgan_discriminator_loss(real, fake, margin),
            oracle.ebgan_discriminator_loss(real, fake, margin),
        )


@weight(2)
def test_each_image(student, draw):
    """applies the margin to each generated image: one of huge energy does not excuse the others"""
    real, fake = energies(draw)
    fake[2] = 100.0
    close(
        student.ebgan_discriminator_loss(real, fake, 3.1),
        oracle.ebgan_discriminator_loss(real, fake, 3.1),
    )


def test_within(student, draw):
    """is right when every generated image lies within the margin"""
    real, fake = energies(draw)
    close(
        student.ebgan_discriminator_loss(real, fake, 12.0),
        oracle.ebgan_discriminator_loss(real, fake, 12.0),
    )


@weight(2)
def test_beyond(student, draw):
    """gains nothing from generated images beyond the margin"""
    real, fake = energies(draw)
    close(
        student.ebgan_discriminator_loss(real, fake + 8, 2.5),
        oracle.ebgan_discriminator_loss(real, fake + 8, 2.5),
    )


def test_high_real_energy(student, draw):
    """has no margin for the real images, however high their energy"""
    real, fake = energies(draw)
    close(
        student.ebgan_discriminator_loss(20 * real, fake, 1.7),
        oracle.ebgan_discriminator_loss(20 * real, fake, 1.7),
    )


def test_sizes(student, draw):
    """averages each batch by its own size when the two differ"""
    for n, m in ((3, 8), (8, 3), (1, 4)):
        real, fake = energies(draw, n, m)
        close(
            student.ebgan_discriminator_loss(real, fake, 2.4),
            oracle.ebgan_discriminator_loss(real, fake, 2.4),
        )


@weight(2)
def test_gradients(student, draw):
    """sends gradients to the real images and to the generated ones within the margin, none to those
    beyond
    """
    real, fake = energies(draw, 5, 8)
    same_gradients(
        lambda r, f: student.ebgan_discriminator_loss(r, f, 2.5),
        lambda r, f: oracle.ebgan_discriminator_loss(r, f, 2.5),
        real,
        fake,
    )


globals().update(
    usual_checks(oracle.ebgan_discriminator_loss, lambda draw: (*energies(draw, 4, 6), 2.5))
)
