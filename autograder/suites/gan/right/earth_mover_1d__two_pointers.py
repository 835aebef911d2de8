"""Walks through both sorted sets and moves as much mass as fits at each step, in whole numbers."""


def earth_mover_1d(x, y):
    x, y = x.sort().values, y.sort().values
    n, m = len(x), len(y)
    i = j = 0
    left_x, left_y = m, n
    total = 0.0
    while i < n and j < m:
        load = min(left_x, left_y)
        total = total + load * (x[i] - y[j]).abs()
        left_x, left_y = left_x - load, left_y - load
        if left_x == 0:
            i, left_x = i + 1, m
        if left_y == 0:
            j, left_y = j + 1, n
    return total / (n * m)
