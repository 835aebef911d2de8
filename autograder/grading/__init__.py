"""One submission: its questions graded in a run of its notebooks, and the digests of what decides
them.
"""
