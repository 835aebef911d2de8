"""Known answers: a step of the reverse SDE."""


# %% spoils: half_score
# Halves the score, as in the ODE.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x + score) / 2 + rate.sqrt() * noise


# %% spoils: forward
# Lets the drift of the forward process keep its sign.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (score - x / 2) + rate.sqrt() * noise


# %% spoils: all_signs
# Has the signs for a negative dt.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x - rate * (x / 2 + score) + rate.sqrt() * noise


# %% spoils: noise_by_dt
# Multiplies the noise by the step instead of its root.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score) + per_sample(beta_t, x).sqrt() * dt * noise


# %% spoils: noise_by_beta
# Multiplies the noise by the rate instead of its root.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score) + per_sample(beta_t, x) * dt**0.5 * noise


# %% spoils: noise_without_dt
# Forgets the step in the noise.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score) + per_sample(beta_t, x).sqrt() * noise


# %% spoils: no_noise
# Forgets the noise.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score)


# %% spoils: drift_without_dt
# Forgets the step in the drift.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + per_sample(beta_t, x) * (x / 2 + score) + rate.sqrt() * noise


# %% spoils: no_half
# Forgets the half before x.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x + score) + rate.sqrt() * noise


# %% spoils: only_the_change
# Returns the change instead of the point.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return rate * (x / 2 + score) + rate.sqrt() * noise


# %% spoils: discrete
# Divides by the root of 1 - beta dt, as the ancestral step does.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return (x + rate * score) / (1 - rate.clamp(max=0.9)).sqrt() + rate.sqrt() * noise


# %% spoils: one_rate
# Uses the rate of the first sample for all.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = beta_t[0] * dt
    return x + rate * (x / 2 + score) + rate.sqrt() * noise


# %% spoils: score_detached
# Detaches the score.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score.detach()) + rate.sqrt() * noise


# %% corner: bounded_noise
# Clips the noise.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score) + rate.sqrt() * noise.clamp(-5, 5)


# %% corner: squeezed
# Takes axes of length 1 away.
def reverse_sde_step(x, score, beta_t, dt, noise):
    rate = per_sample(beta_t, x) * dt
    return (x + rate * (x / 2 + score) + rate.sqrt() * noise).squeeze()


# %% right: drift_and_diffusion
# Goes by drift and diffusion.
def reverse_sde_step(x, score, beta_t, dt, noise):
    beta = beta_t.reshape((-1,) + (1,) * (x.ndim - 1))
    drift = -0.5 * beta * x - beta * score
    return x - drift * dt + torch.sqrt(beta) * math.sqrt(dt) * noise


# %% right: by_flow
# Adds the other half of the score to the ODE.
def reverse_sde_step(x, score, beta_t, dt, noise):
    beta = per_sample(beta_t, x)
    ode = -beta * (x + score) / 2
    return x - dt * ode + dt * beta * score / 2 + (beta * dt) ** 0.5 * noise
