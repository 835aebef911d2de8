"""Image by image, with keywords and numpy for the dual step."""

import numpy as np


def vdb_penalty(mu_real, logvar_real, mu_fake, logvar_fake, beta, i_c, step_size):
    total = 0.0
    for mu, logvar in zip((mu_real, mu_fake), (logvar_real, logvar_fake), strict=True):
        for m, v in zip(mu, logvar, strict=True):
            total = total + 0.25 * (m @ m + (v.exp() - v - 1).sum()) / len(mu)
    excess = total - i_c
    dual = np.maximum(0.0, beta + step_size * excess.detach().cpu().numpy())
    return excess * beta, float(dual)
