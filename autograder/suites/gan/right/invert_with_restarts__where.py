"""Keeps a running best for the whole batch with torch.where."""


def invert_with_restarts(generator, x, z_inits, search):
    best_z = best_error = None
    for z_init in z_inits:
        z = search(z_init)
        with evaluating(generator):
            error = torch.linalg.vector_norm((generator(z) - x).flatten(1), dim=1).square()
        if best_z is None:
            best_z, best_error = z, error
        else:
            better = error < best_error
            best_z = torch.where(better.unsqueeze(1), z, best_z)
            best_error = torch.where(better, error, best_error)
    return best_z, best_error
