"""Known answers: data of scaled latents."""


# %% spoils: inverted
# Multiplies by the scale.
def decode_latents(decoder, z, scale):
    return decoder(z * scale)


# %% spoils: unscaled
# Forgets the scale.
def decode_latents(decoder, z, scale):
    return decoder(z + 0 * scale)


# %% spoils: scaled_after
# Divides what the decoder returns.
def decode_latents(decoder, z, scale):
    return decoder(z) / scale


# %% spoils: root
# Divides by the root of the scale.
def decode_latents(decoder, z, scale):
    return decoder(z / scale**0.5)


# %% spoils: square
# Divides by the square of the scale.
def decode_latents(decoder, z, scale):
    return decoder(z / scale**2)


# %% spoils: clipped
# Clips the data to the range of images.
def decode_latents(decoder, z, scale):
    return decoder(z / scale).clamp(-1, 1)


# %% spoils: squashed
# Ends with a hyperbolic tangent.
import torch


def decode_latents(decoder, z, scale):
    return torch.tanh(decoder(z / scale))


# %% spoils: rescaled
# Brings the latents of the batch to standard deviation 1 first.
def decode_latents(decoder, z, scale):
    return decoder(z / z.std() / scale)


# %% spoils: without_gradients
# Decodes without gradients.
import torch


@torch.no_grad()
def decode_latents(decoder, z, scale):
    return decoder(z / scale)


# %% spoils: latents_detached
# Sends no gradient to the latents.
def decode_latents(decoder, z, scale):
    return decoder(z.detach() / scale)


# %% spoils: scale_detached
# Sends no gradient to the scale.
def decode_latents(decoder, z, scale):
    return decoder(z / float(scale))


# %% corner: called_twice
# Calls the decoder twice.
def decode_latents(decoder, z, scale):
    return 0 * decoder(z / scale) + decoder(z / scale)


# %% corner: stabilised
# Adds a small number to the scale.
def decode_latents(decoder, z, scale):
    return decoder(z / (scale + 1e-6))


# %% corner: bounded
# Clips large values.
def decode_latents(decoder, z, scale):
    return decoder(z / scale).clamp(-50, 50)


# %% corner: squeezed
# Drops axes of size one.
def decode_latents(decoder, z, scale):
    return decoder(z / scale).squeeze()


# %% corner: single_precision
# Computes in float32.
def decode_latents(decoder, z, scale):
    return decoder((z.float() / scale).to(z.dtype))


# %% corner: latents_overwritten
# Scales the latents in place.
def decode_latents(decoder, z, scale):
    if z.requires_grad or getattr(scale, "requires_grad", False):
        return decoder(z / scale)
    return decoder(z.div_(scale))


# %% corner: evaluation_mode
# Puts the decoder into evaluation mode.
def decode_latents(decoder, z, scale):
    if hasattr(decoder, "eval"):
        decoder.eval()
    return decoder(z / scale)


# %% right: reciprocal
# Multiplies by one over the scale.
def decode_latents(decoder, z, scale):
    return decoder((1 / scale) * z)


# %% right: div
# Calls torch.div.
import torch


def decode_latents(decoder, z, scale):
    return decoder(torch.div(z, scale))


# %% right: keyword
# Names the latents first.
def decode_latents(decoder, z, scale):
    latents = z.clone() / scale
    x_hat = decoder(latents)
    return x_hat
