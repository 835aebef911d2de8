"""Leaves out the clamp, so that ever higher energies keep paying."""


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + margin - fake_energy.mean()
