"""Centres the features over the batch."""


def diversity_kernel(features):
    centred = features - features.mean(0)
    return centred @ centred.T
