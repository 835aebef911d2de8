"""Integer ends of the range, branches instead of min and max."""


def began_update(real_error, fake_error, k, gamma, lambda_k):
    L_x, L_g = real_error.mean(), fake_error.mean()
    x, g = float(L_x), float(L_g)
    k_next = k + lambda_k * (gamma * x - g)
    if k_next < 0:
        k_next = 0
    elif k_next > 1:
        k_next = 1
    return (L_x - k * L_g, L_g, k_next, x + abs(gamma * x - g))
