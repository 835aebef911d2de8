"""A plain loop over the images of the batch."""


def reconstruction_loss(x, x_hat):
    total = 0.0
    for image, copy in zip(x, x_hat, strict=True):
        total = total + ((image - copy) ** 2).sum()
    return total / len(x)
