"""Plain lists and a table filled cell by cell."""


def error_by_attribute(error, attributes):
    N, A = attributes.shape
    table = torch.full((A, 2), float("nan"), dtype=error.dtype, device=error.device)
    for a in range(A):
        for value in (0, 1):
            members = [error[i] for i in range(N) if int(attributes[i, a]) == value]
            if members:
                table[a, value] = sum(members) / len(members)
    return table
