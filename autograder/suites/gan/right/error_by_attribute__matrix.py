"""Two matrix products and their counts."""


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    with_it = marks.T @ error / marks.sum(0)
    without = (1 - marks).T @ error / (1 - marks).sum(0)
    return torch.stack([without, with_it], dim=1)
