"""Known answers: One step of the discriminator."""


# %% spoils: not_detached
# Does not detach the fakes, so that gradients reach the generator.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x)
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: condition_forgotten_for_fakes
# Shows D zeros in place of the source of the fakes.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(torch.zeros_like(x), fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: condition_forgotten_for_real
# Shows D zeros in place of the source of the real pairs.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(torch.zeros_like(x), y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: other_sources
# Shows D the fakes with the sources in another order.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x.flip(0), fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: swapped
# Hands the loss fake first and real second.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, fake), discriminator(x, y))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: no_zero_grad
# Does not forget earlier gradients.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: zero_grad_after_backward
# Forgets the gradients before the step.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    value.backward()
    optimizer.zero_grad()
    optimizer.step()
    return value.detach()


# %% spoils: no_step
# Takes no step.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    return value.detach()


# %% spoils: two_steps
# Takes two steps.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    optimizer.step()
    return value.detach()


# %% spoils: one_pass
# Runs D once over real and fake pairs together.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    both = discriminator(torch.cat([x, x]), torch.cat([y, fake]))
    value = loss(*both.chunk(2))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: eval_fakes
# Makes the fakes in evaluation mode.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    mode = generator.training
    fake = generator.eval()(x).detach()
    generator.train(mode)
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: forces_training
# Puts both networks into training mode.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    generator.train(), discriminator.train()
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: freezes_generator
# Freezes the generator and leaves it frozen.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    generator.requires_grad_(False)
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: thaws
# Freezes the generator, and thaws all of it afterwards.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    generator.requires_grad_(False)
    fake = generator(x).detach()
    generator.requires_grad_(True)
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% spoils: flattened
# Hands the loss the mean of each map.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y).mean((2, 3)), discriminator(x, fake).mean((2, 3)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: clips
# Clips the gradient.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    nn.utils.clip_grad_norm_(discriminator.parameters(), 1.0)
    optimizer.step()
    return value.detach()


# %% spoils: value_after
# Returns the loss after the step.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return loss(discriminator(x, y), discriminator(x, fake)).detach()


# %% corner: keeps_graph
# Returns the loss with its graph.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value


# %% corner: generator_grads_cleared
# Clears the generator's gradients.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    generator.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: generator_runs_twice
# Runs the generator twice.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    generator(x)
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% corner: noisy_images_clamped
# Keeps images in [-1, 1].
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    value = loss(discriminator(x.clamp(-1, 1), y.clamp(-1, 1)), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% right: no_grad
# Makes the fakes without a graph.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    with torch.no_grad():
        fake = generator(x)
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


# %% right: fakes_first
# Judges the fakes first, and returns a float.
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    fake = generator(x).detach()
    judged = discriminator(x, fake)
    value = loss(discriminator(x, y), judged)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.item()


# %% right: by_autograd
# Sets the gradients by autograd.grad.
def discriminator_step(generator, discriminator, optimizer, x, y, loss):
    with torch.no_grad():
        y_hat = generator(x)
    value = loss(discriminator(x, y), discriminator(x, y_hat))
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(value, parameters)):
        parameter.grad = grad
    optimizer.step()
    return value.detach()
