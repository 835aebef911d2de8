"""Gradescope's autograder: the zip that staff upload, and what runs in its container."""
