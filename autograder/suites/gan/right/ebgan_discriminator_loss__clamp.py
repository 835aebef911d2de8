"""A clamp from below."""


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    return real_energy.mean() + (margin - fake_energy).clamp(min=0).mean()
