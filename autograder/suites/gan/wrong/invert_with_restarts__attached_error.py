"""Computes the errors with a graph."""


def invert_with_restarts(generator, x, z_inits, search):
    ends = torch.stack([search(z_init) for z_init in z_inits])
    was_training = generator.training
    generator.eval()
    errors = torch.stack([(generator(z) - x).pow(2).flatten(1).sum(dim=1) for z in ends])
    generator.train(was_training)
    error, best = errors.min(dim=0)
    return ends[best, torch.arange(len(x), device=x.device)], error
