"""Grading again: what a report vouches for, what has changed since, whose score moved, and the folder that a killed run leaves in order."""
