# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # An example: lab
#
# The softplus $\log(1 + e^x)$ is a smooth version of $\max(0, x)$. Typed as the formula says, it
# overflows for large $x$. Write it so that it does not.
#
# Replace the line that raises `NotImplementedError`, then run the check cell below.

# %%
import importlib.util
import sys
from pathlib import Path

# The helper package dgm is next to this notebook (in the kit) or in assignments/ of the course.
places = [
    place
    for folder in (Path.cwd(), *Path.cwd().parents)
    for place in (folder, folder / "assignments")
]
found = next((place for place in places if (place / "dgm" / "__init__.py").is_file()), None)
if found is not None:
    sys.path.insert(0, str(found))
if importlib.util.find_spec("torch") is None:
    raise ModuleNotFoundError("torch is not installed: run `%pip install -r requirements.txt`")

import torch

from dgm.check import visible_checks


# %% answer="softplus"
def softplus(x: torch.Tensor) -> torch.Tensor:
    """log(1 + exp(x)), element by element, finite for every finite x. Returns the shape of x."""
    ### BEGIN SOLUTION
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))
    ### END SOLUTION


# %% check="softplus"
@visible_checks("softplus")
def _():
    values = softplus(torch.tensor([-1000.0, 0.0, 1000.0]))
    assert values.shape == (3,), "the result has the shape of x"
    assert torch.isfinite(values).all(), "the result is finite for large x"
    assert values[2] == 1000, "far to the right the softplus is x itself"
