"""Imported once by the fork server, so that each grading slot starts in milliseconds and shares these modules' memory.

Nothing in here may start a thread: a fork has only the thread that made it, and would wait for the others for ever.
"""

from __future__ import annotations

import gc
import os

from autograder.executor.slot import ONE_THREAD

os.environ.update(ONE_THREAD)  # before the imports: OpenBLAS starts its threads when numpy is loaded

import nbformat  # noqa: F401
import torch

import autograder.align
import autograder.runner
import autograder.sandbox.host  # noqa: F401

torch.set_num_threads(1)
gc.freeze()  # a collection in a fork would write to every one of these objects, and so copy the shared pages
