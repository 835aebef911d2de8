"""Known answers: Inversion of a generator."""


# %% wrong: absolute_error
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


# %% wrong: attached
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


# %% wrong: batch_norm_reset
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


# %% wrong: best_along_the_way
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


# %% wrong: clamped_codes
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


# %% wrong: decaying_learning_rate
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


# %% wrong: fixed_learning_rate
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


# %% wrong: gan_betas
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


# %% wrong: gradients_accumulate
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


# %% wrong: gradients_left_behind
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


# %% wrong: gradients_wiped
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


# %% wrong: gradients_zeroed_before
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


# %% wrong: graph_kept_in_start
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


# %% wrong: huber
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


# %% wrong: last_dimension_only
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


# %% wrong: left_frozen
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


# %% wrong: left_in_evaluation
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


# %% wrong: left_in_training
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


# %% wrong: new_optimizer_each_step
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


# %% wrong: norm_not_squared
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


# %% wrong: norm_of_the_batch
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


# %% wrong: one_code_for_all
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


# %% wrong: one_step_less
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


# %% wrong: one_step_more
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


# %% wrong: own_cpu_tensor
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


# %% wrong: plain_gradient_descent
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


# %% wrong: prior_penalty
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


# %% wrong: random_start
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


# %% wrong: returns_image
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


# %% wrong: rmsprop
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


# %% wrong: single_precision
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


# %% wrong: start_at_zero
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


# %% wrong: start_changed
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


# %% wrong: thawed_afterwards
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


# %% wrong: training_mode
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


# %% wrong: updates_generator
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


# %% wrong: weight_decay
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
