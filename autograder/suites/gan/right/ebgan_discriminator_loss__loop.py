"""Python's own max, image by image."""


def ebgan_discriminator_loss(real_energy, fake_energy, margin):
    low = sum(real_energy) / len(real_energy)
    high = sum(max(margin - energy, 0 * energy) for energy in fake_energy) / len(fake_energy)
    return low + high
