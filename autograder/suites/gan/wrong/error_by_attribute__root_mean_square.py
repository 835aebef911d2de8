"""Takes the root of the mean square."""


def error_by_attribute(error, attributes):
    marks = attributes.to(error.dtype)
    squares = error**2
    return torch.stack([(1 - marks).T @ squares / (1 - marks).sum(0), marks.T @ squares / marks.sum(0)], dim=1).sqrt()
