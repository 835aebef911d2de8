"""Measurements of the grader on made-up classes; nothing here is used for grading."""
