"""Checks that several suites have in common: their titles and names."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]


def titled(title: str) -> Callable[[Check], Check]:
    """A check with this for a docstring, which a student reads."""

    def mark(check: Check) -> Check:
        check.__doc__ = title
        return check

    return mark


def by_name(*checks: Check) -> dict[str, Check]:
    return {check.__name__: check for check in checks}
