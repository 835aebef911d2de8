"""Takes the gradient of the loss at the images first, and hands it to the generator."""

import torch


def generator_step(generator, discriminator, optimizer, z, loss):
    images = generator(z)
    seen = images.detach().requires_grad_()
    value = loss(discriminator(seen))
    (at_images,) = torch.autograd.grad(value, seen)
    optimizer.zero_grad()
    images.backward(at_images)
    optimizer.step()
    return value.detach()
