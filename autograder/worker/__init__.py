"""All that the sandbox sees of the grader: it runs student code, so nothing that it answers is
trusted.
"""
