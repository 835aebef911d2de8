"""The trusted side of the sandbox: isolation, launcher, client, and `student`, the proxy of a
notebook's namespace.
"""
