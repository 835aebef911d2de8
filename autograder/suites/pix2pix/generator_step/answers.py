"""Known answers: One step of the generator."""


# %% spoils: detached
# Detaches the output before D sees it.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat.detach())
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: no_grad_through_d
# Runs D without a graph.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    with torch.no_grad():
        logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: condition_forgotten
# Shows D zeros in place of the source.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(torch.zeros_like(x), y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: condition_shuffled
# Shows D the sources in another order.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x.flip(0), y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: real_judged
# Shows D the real target.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: no_zero_grad
# Does not forget earlier gradients.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: two_steps
# Takes two steps.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: no_step
# Takes no step.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: steps_on_parts
# Steps down the sum of the parts.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    (adversarial + l1).backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: steps_on_adversarial
# Steps down the adversarial part only.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    (adversarial if adversarial.requires_grad else total).backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: freezes_d
# Freezes D and leaves it frozen.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    if discriminator is not None:
        discriminator.requires_grad_(False)
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% corner: thaws_d
# Freezes D, and thaws all of it afterwards.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    if discriminator is not None:
        discriminator.requires_grad_(False)
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    if discriminator is not None:
        discriminator.requires_grad_(True)
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: moves_d
# Lets D take a step as well.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    if discriminator is not None:
        with torch.no_grad():
            for p in discriminator.parameters():
                if p.grad is not None:
                    p -= 0.01 * p.grad
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: d_in_evaluation_mode
# Judges in evaluation mode.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    mode = discriminator is not None and discriminator.training
    if discriminator is not None:
        discriminator.eval()
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    if discriminator is not None:
        discriminator.train(mode)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% corner: two_translations
# Translates twice, once for each part of the loss.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, generator(x), y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: target_and_output_swapped
# Hands the loss the target in place of the output.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y, y_hat)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: needs_discriminator
# Fails without a discriminator.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: only_total
# Returns the total only.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach()


# %% corner: keeps_graph
# Returns the parts with their graph.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total, adversarial, l1


# %% corner: clips
# Clips the gradient.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(generator.parameters(), 1.0)
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% spoils: logits_flattened
# Hands the loss the mean of each map.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat).mean((2, 3))
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()


# %% right: floats
# Returns floats.
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.item(), float(adversarial), float(l1)


# %% right: by_autograd
# Sets the gradients by autograd.grad; D gets none.
def generator_step(generator, discriminator, optimizer, x, y, loss):
    y_hat = generator(x)
    parts = loss(discriminator(x, y_hat) if discriminator else None, y_hat, y)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(parts[0], parameters)):
        parameter.grad = grad
    optimizer.step()
    return [part.detach() for part in parts]


# %% right: freezes_and_restores
# Freezes D for the pass, and restores what was frozen.
def generator_step(generator, discriminator, optimizer, x, y, loss):
    flags = []
    if discriminator is not None:
        flags = [(p, p.requires_grad) for p in discriminator.parameters()]
    for p, _ in flags:
        p.requires_grad_(False)
    optimizer.zero_grad(set_to_none=False)
    y_hat = generator(x)
    logits = discriminator(x, y_hat) if discriminator is not None else None
    total, *rest = loss(logits, y_hat, y)
    total.backward()
    optimizer.step()
    for p, flag in flags:
        p.requires_grad_(flag)
    return (total.detach(), *(part.detach() for part in rest))
