"""Known answers: the probability-flow ODE."""


# %% spoils: no_half
# Forgets the half before the score.
def probability_flow_drift(x, score, beta_t):
    beta = per_sample(beta_t, x)
    return -beta * x / 2 - beta * score


# %% spoils: no_half_at_all
# Forgets both halves.
def probability_flow_drift(x, score, beta_t):
    return -per_sample(beta_t, x) * (x + score)


# %% spoils: sign
# Has the sign for time that runs backwards.
def probability_flow_drift(x, score, beta_t):
    return 0.5 * per_sample(beta_t, x) * (x + score)


# %% spoils: sign_of_score
# Subtracts the score with the wrong sign.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * per_sample(beta_t, x) * (x - score)


# %% spoils: root_of_beta
# Uses the diffusion where its square belongs.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * per_sample(beta_t.sqrt(), x) * (x + score)


# %% spoils: squared_beta
# Squares the rate before the score.
def probability_flow_drift(x, score, beta_t):
    beta = per_sample(beta_t, x)
    return -beta * x / 2 - beta**2 * score / 2


# %% spoils: only_score
# Leaves out the drift of the forward process.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * per_sample(beta_t, x) * score


# %% spoils: exploding
# Is the drift of the variance-exploding process.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * per_sample(beta_t, x) * score


# %% spoils: one_rate
# Uses the rate of the first sample for all.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * beta_t[0] * (x + score)


# %% spoils: score_detached
# Detaches the score.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * per_sample(beta_t, x) * (x + score.detach())


# %% corner: bounded_rate
# Takes no rate beyond 100.
def probability_flow_drift(x, score, beta_t):
    return -0.5 * per_sample(beta_t.clamp(max=100), x) * (x + score)


# %% corner: squeezed
# Takes axes of length 1 away.
def probability_flow_drift(x, score, beta_t):
    return (-0.5 * per_sample(beta_t, x) * (x + score)).squeeze()


# %% right: drift_and_diffusion
# Goes by drift and diffusion.
def probability_flow_drift(x, score, beta_t):
    beta = beta_t.reshape((-1,) + (1,) * (x.ndim - 1))
    f, g = -beta * x / 2, beta.sqrt()
    return f - g**2 * score / 2


# %% right: loop
# Loops over the samples.
def probability_flow_drift(x, score, beta_t):
    return torch.stack([-(b / 2) * (p + s) for p, s, b in zip(x, score, beta_t)])
