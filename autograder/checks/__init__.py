"""What hidden suites are written with (the names here), and what runs them (the modules)."""

from autograder.checks.aspects import after, aspect
from autograder.checks.compare import (
    CheckFailed,
    close,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    number,
    once_right,
    refuses,
    same,
    same_gradients,
)
from autograder.checks.device import follows_device
from autograder.checks.draw import Draw
from autograder.checks.twins import in_student, parameter_gradients, sgd, twin_networks
from autograder.checks.usual import flags_unchanged, usual_checks
from autograder.checks.watched import Watched
from autograder.sandbox.proxy import View

__all__ = [
    "CheckFailed",
    "Draw",
    "View",
    "Watched",
    "after",
    "aspect",
    "close",
    "flags_unchanged",
    "follows_device",
    "has_dtype",
    "has_shape",
    "in_student",
    "inputs_unchanged",
    "is_true",
    "number",
    "once_right",
    "parameter_gradients",
    "refuses",
    "same",
    "same_gradients",
    "sgd",
    "twin_networks",
    "usual_checks",
]
