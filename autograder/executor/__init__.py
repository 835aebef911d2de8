"""Where submissions are graded: in this process, in several on this machine, or on a Dask
cluster.
"""
