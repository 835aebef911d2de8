"""Hidden checks: reconstruction loss."""

from autograder.checks import close, same_gradients, usual_checks, weight
from autograder.suites.vae.reconstruction_loss import oracle


@weight(2)
def test_values(student, draw):
    """gives the summed squared error, averaged over a batch of vectors"""
    x, x_hat = draw.normal(5, 7), draw.normal(5, 7)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


@weight(2)
def test_images(student, draw):
    """treats a batch of images (B, C, H, W) by the same convention as a batch of vectors"""
    x, x_hat = draw.normal(3, 2, 4, 5), draw.normal(3, 2, 4, 5)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


def test_batch_of_one(student, draw):
    """works for a batch that holds a single image"""
    x, x_hat = draw.normal(1, 3, 4, 2), draw.normal(1, 3, 4, 2)
    close(student.reconstruction_loss(x, x_hat), oracle.reconstruction_loss(x, x_hat))


def test_repeated_batch(student, draw):
    """does not grow with the size of the batch"""
    x, x_hat = draw.normal(4, 6), draw.normal(4, 6)
    once = student.reconstruction_loss(x, x_hat)
    close(once, student.reconstruction_loss(x.repeat(3, 1), x_hat.repeat(3, 1)))
    close(once, oracle.reconstruction_loss(x, x_hat))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to the image and to its reconstruction"""
    same_gradients(
        student.reconstruction_loss,
        oracle.reconstruction_loss,
        draw.normal(4, 3, 2),
        draw.normal(4, 3, 2),
    )


globals().update(
    usual_checks(oracle.reconstruction_loss, lambda draw: (draw.normal(5, 7), draw.normal(5, 7)))
)
