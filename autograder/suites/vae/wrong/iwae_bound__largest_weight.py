"""Takes the largest weight for the mean."""

import math


def iwae_bound(log_w):
    return (log_w.max(0).values - math.log(len(log_w))).mean()
