"""The page on which people mark, as formgrader shows it: with the mark scheme next to each answer,
formulas without a network, and nothing from elsewhere.
"""
