"""Gives every image an optimizer of its own, and freezes the parameters for the time being."""


def invert(generator, x, z_init, n_steps, lr):
    was_training = generator.training
    flags = [parameter.requires_grad for parameter in generator.parameters()]
    generator.eval()
    for parameter in generator.parameters():
        parameter.requires_grad = False
    codes = []
    for image, start in zip(x, z_init):
        z = start.detach().clone()[None].requires_grad_(True)
        optimizer = torch.optim.Adam([z], lr=lr)
        step = 0
        while step < n_steps:
            optimizer.zero_grad()
            loss = torch.sum((image[None] - generator(z)) ** 2)
            loss.backward()
            optimizer.step()
            step += 1
        codes.append(z.detach()[0])
    for parameter, flag in zip(generator.parameters(), flags):
        parameter.requires_grad = flag
    generator.train(was_training)
    return torch.stack(codes)
