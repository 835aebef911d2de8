"""Odd machines: a small class graded on each, with what must come of it.

`python -m tests.machines` in the top folder of the checkout prints the table.
"""
