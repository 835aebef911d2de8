"""Takes the code with the largest inner product."""


def nearest_code(z, codebook):
    return (z @ codebook.T).argmax(1)
