"""Exit statuses of the command line. 0: it ran, whatever the students scored."""

OUR_FAULT = 1
USAGE = 2
UNGRADED = 3
"""A submission needs manual review."""
STOPPED = 130
