"""How good are the hidden checks? Answers whose worth is known, and mutants of the model solution,
graded as students are.
"""
