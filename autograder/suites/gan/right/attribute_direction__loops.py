"""Collects the two groups in a loop."""


def attribute_direction(codes, has):
    groups = {False: [], True: []}
    for code, mark in zip(codes, has):
        groups[bool(mark)].append(code)
    return torch.stack(groups[True]).mean(dim=0) - torch.stack(groups[False]).mean(dim=0)
