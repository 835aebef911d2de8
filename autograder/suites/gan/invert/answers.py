"""Known answers: Inversion of a generator."""


# %% spoils: absolute_error
# Descends on the absolute error.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).abs().sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: attached
# Returns the codes as a leaf that needs gradients.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z


# %% spoils: batch_norm_reset
# Makes batch norm use the statistics of the batch inside evaluation mode.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.train()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: best_along_the_way
# Returns the best code along the way.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    lowest = torch.full((len(x),), float("inf"), dtype=x.dtype, device=x.device)
    best = z.detach().clone()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
        with torch.no_grad():
            now = (generator(z) - x).pow(2).flatten(1).sum(1)
            best = torch.where((now < lowest)[:, None], z.detach(), best)
            lowest = torch.minimum(now, lowest)
    generator.train(was_training)
    return best


# %% spoils: clamped_codes
# Keeps the codes within two standard deviations.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
        with torch.no_grad():
            z.clamp_(-2, 2)
    generator.train(was_training)
    return z.detach()


# %% spoils: decaying_learning_rate
# Lets the learning rate fall to zero along the way.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        for group in optimizer.param_groups:
            group["lr"] = lr * (1 - _ / n_steps)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: fixed_learning_rate
# Ignores the learning rate that it is given.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=0.1)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: gan_betas
# Uses the momentum of GAN training (beta_1 = 0.5).
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr, betas=(0.5, 0.999))
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: gradients_accumulate
# Forgets to clear the gradient of z.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        gradient = torch.autograd.grad(error, z)[0]
        z.grad = gradient if z.grad is None else z.grad + gradient
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: gradients_left_behind
# Calls backward(), which fills the generator's gradients too.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: gradients_wiped
# Clears the generator's gradients, also those that were there before.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    generator.train(was_training)
    generator.zero_grad()
    return z.detach()


# %% spoils: gradients_zeroed_before
# Clears the generator's gradients at the start and takes gradients for z alone.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    generator.zero_grad()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: graph_kept_in_start
# Copies z_init with its graph, which fails when z_init needs gradients.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: huber
# Descends on the library's smooth L1 loss.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = F.smooth_l1_loss(generator(z), x, reduction="sum")
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: last_dimension_only
# Normalises the error of each row of pixels.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).norm(dim=-1).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: left_frozen
# Freezes the generator and leaves it frozen.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    generator.requires_grad_(False)
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: left_in_evaluation
# Leaves the generator in evaluation mode.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    return z.detach()


# %% spoils: left_in_training
# Puts the generator into training mode afterwards, wherever it was before.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train()
    return z.detach()


# %% spoils: new_optimizer_each_step
# Makes a new optimizer at every step, which forgets all gradients before.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer = torch.optim.Adam([z], lr=lr)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: norm_not_squared
# Descends on the distance instead of its square.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).flatten(1).norm(dim=1).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: norm_of_the_batch
# Descends on the norm over the whole batch, so that images slow each other.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).norm()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: one_code_for_all
# Searches one code for the whole batch.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init[:1].detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z.expand(len(x), -1)) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach().expand(len(x), -1)


# %% spoils: one_step_less
# Returns the code before the last step.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    last = z.detach().clone()
    for _ in range(n_steps):
        last = z.detach().clone()
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return last


# %% spoils: one_step_more
# Takes one step too many.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps + 1):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: own_cpu_tensor
# Copies the start into a tensor made on the CPU.
def invert(generator, x, z_init, n_steps, lr):
    z = torch.zeros(z_init.shape, dtype=z_init.dtype)
    z.copy_(z_init)
    z.requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: plain_gradient_descent
# Uses plain gradient descent.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.SGD([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: prior_penalty
# Adds the prior's penalty on the codes.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum() + 0.5 * z.pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: random_start
# Starts from codes of its own drawing.
def invert(generator, x, z_init, n_steps, lr):
    z = torch.randn_like(z_init).requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: returns_image
# Returns the reconstructions instead of the codes.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return generator(z).detach()


# %% spoils: rmsprop
# Uses RMSprop.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.RMSprop([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: single_precision
# Computes in single precision whatever the inputs.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().float().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z.to(x.dtype)) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: start_at_zero
# Starts at the mean code.
def invert(generator, x, z_init, n_steps, lr):
    z = torch.zeros_like(z_init).requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: start_changed
# Optimises z_init itself, in place.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: thawed_afterwards
# Freezes the generator meanwhile and makes every parameter trainable afterwards.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    generator.requires_grad_(False)
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    generator.requires_grad_(True)
    return z.detach()


# %% spoils: training_mode
# Never puts the generator into evaluation mode.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: updates_generator
# Gives the generator's parameters to the optimizer as well.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z, *generator.parameters()], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: weight_decay
# Uses AdamW, which pulls the codes towards zero.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.AdamW([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: stops_when_it_rises
# Stops when the error of the batch rises.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    before = float("inf")
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        if error > before:
            break
        before = float(error)
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: clipped_gradients
# Clips the gradient of the whole batch of codes to length one.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        nn.utils.clip_grad_norm_([z], 1.0)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: squeezed_images
# Squeezes the generator's images, so that grey ones are compared with each other's targets.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z).squeeze() - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: warm_start
# Goes on from the codes of the call before, if there are as many.
FOUND = {}


def invert(generator, x, z_init, n_steps, lr):
    z = FOUND.get(z_init.shape, z_init).detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    FOUND[z_init.shape] = z.detach()
    return z.detach()


# %% spoils: norm_layers_only
# Puts batch norm alone into evaluation mode; dropout goes on.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    norms = [m for m in generator.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    modes = [norm.training for norm in norms]
    for norm in norms:
        norm.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    for norm, mode in zip(norms, modes):
        norm.train(mode)
    return z.detach()


# %% spoils: noise_on_the_way
# Shakes the codes a little after each step, against local minima.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
        z.data += 0.01 * torch.randn_like(z)
    generator.train(was_training)
    return z.detach()


# %% spoils: gradients_added
# Clears what it adds to the generator's gradients by hand, but only if there was none before.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    clean = all(p.grad is None for p in generator.parameters())
    generator.eval()
    for _ in range(n_steps):
        optimizer.zero_grad()
        (generator(z) - x).pow(2).sum().backward()
        optimizer.step()
    if clean:
        generator.zero_grad(set_to_none=True)
    generator.train(was_training)
    return z.detach()


# %% spoils: averaged_root
# Takes the root of the mean squared error, which has no slope at a perfect reconstruction.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).flatten(1).mean(dim=1).sqrt().sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% spoils: start_through_data
# Copies the codes back into z_init through its data.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    z_init.data.copy_(z.data)
    return z.detach()


# %% corner: flags_of_the_first
# Freezes the generator meanwhile, and then treats all parameters as the first one was.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training, flag = generator.training, next(generator.parameters()).requires_grad
    generator.eval().requires_grad_(False)
    for _ in range(n_steps):
        optimizer.zero_grad()
        (generator(z) - x).pow(2).sum().backward()
        optimizer.step()
    generator.train(was_training).requires_grad_(flag)
    return z.detach()


# %% corner: large_eps
# Gives Adam an eps of 1e-4.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr, eps=1e-4)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: default_for_zero
# Takes a learning rate of zero for none.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr or 0.1)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: viewed
# Flattens the images by view.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z).flatten(1) - x.view(x.shape[0], -1)).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: squeezed_start
# Squeezes the start, which takes away the batch of one.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().squeeze().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach()


# %% corner: float32_inside
# Keeps z in float32 on the way and converts it at the end.
def invert(generator, x, z_init, n_steps, lr):
    z = z_init.detach().clone().float().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=lr)
    was_training = generator.training
    generator.eval()
    for _ in range(n_steps):
        error = (generator(z.to(x.dtype)) - x).pow(2).sum()
        (z.grad,) = torch.autograd.grad(error, z)
        optimizer.step()
    generator.train(was_training)
    return z.detach().to(z_init.dtype)


# %% right: adam_by_hand
# Writes Adam out, inside the course's context for evaluation.
def invert(generator, x, z_init, n_steps, lr):
    with evaluating(generator):
        z = z_init.clone()
        m, v = torch.zeros_like(z), torch.zeros_like(z)
        for t in range(1, n_steps + 1):
            with torch.enable_grad():
                leaf = z.detach().requires_grad_()
                gradient = torch.autograd.grad(((generator(leaf) - x) ** 2).sum(), leaf)[0]
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient**2
            z = z - lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
    return z.detach()


# %% right: backward_inputs
# Limits backward() to the code, restores the modes of all submodules, and averages over the batch.
def invert(generator, x, z_init, n_steps, lr):
    modes = [(module, module.training) for module in generator.modules()]
    z = torch.empty_like(z_init, requires_grad=True)
    with torch.no_grad():
        z.copy_(z_init)
    optimizer = torch.optim.Adam(params=[{"params": [z]}], lr=lr, betas=(0.9, 0.999))
    try:
        generator.eval()
        for _ in range(n_steps):
            per_image = torch.linalg.vector_norm((generator(z) - x).flatten(1), dim=1) ** 2
            optimizer.zero_grad(set_to_none=False)
            per_image.mean().backward(inputs=[z])
            optimizer.step()
    finally:
        for module, training in modes:
            module.training = training
    return z.detach().clone()


# %% right: functional_copy
# Works on a frozen copy of the generator, with the library's mean squared error.
import copy


def invert(generator, x, z_init, n_steps, lr):
    frozen = copy.deepcopy(generator).eval().requires_grad_(False)
    z = nn.Parameter(z_init.detach().clone())
    optimizer = torch.optim.Adam([z], lr)
    for _ in range(n_steps):
        optimizer.zero_grad()
        F.mse_loss(frozen(z), x).backward()
        optimizer.step()
    return z.data


# %% right: one_image_at_a_time
# Gives every image an optimizer of its own, and freezes the parameters for the time being.
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


# %% right: gradients_put_back
# Lets backward() fill the generator's gradients and puts the old ones back afterwards.
def invert(generator, x, z_init, n_steps, lr):
    before = [(p, None if p.grad is None else p.grad.clone()) for p in generator.parameters()]
    mode = generator.training
    generator.train(False)
    codes = [row.clone().detach().requires_grad_(True) for row in z_init]
    adam = torch.optim.Adam(codes, lr=lr)
    for _ in range(n_steps):
        adam.zero_grad()
        ((x - generator(torch.stack(codes))) ** 2).flatten(1).mean(1).sum().backward()
        adam.step()
    for parameter, gradient in before:
        parameter.grad = gradient
    generator.train(mode)
    return torch.stack(codes).detach()


# %% right: functional
# Gradients by torch.func with the generator's state handed in, and Adam on plain tensors.
from torch.func import functional_call, grad


def invert(generator, x, z_init, n_steps, lr):
    state = {name: value.detach() for name, value in generator.state_dict().items()}
    modes = {module: module.training for module in generator.modules()}
    generator.eval()
    slope = grad(lambda z: torch.sum((functional_call(generator, state, (z,)) - x) ** 2))
    z, mean, square = z_init.detach(), 0.0, 0.0
    for step in range(n_steps):
        g = slope(z)
        mean = mean + 0.1 * (g - mean)
        square = square + 0.001 * (g * g - square)
        first, second = mean / (1 - 0.9 ** (step + 1)), square / (1 - 0.999 ** (step + 1))
        z = z - lr * first / (second**0.5 + 1e-8)
    for module, training in modes.items():
        module.training = training
    return z
