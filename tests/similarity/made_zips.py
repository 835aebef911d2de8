"""A folder of zips of `vae`, with planted copies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.names import name_of
from benchmarks.similar import Planted


@dataclass(frozen=True)
class Zips:
    folder: Path
    planted: list[Planted]

    def pairs(self) -> set[frozenset[str]]:
        """The files of planted pairs."""
        return {frozenset((self.file(one.source), self.file(one.copier))) for one in self.planted}

    @staticmethod
    def file(number: int) -> str:
        return f"{name_of(number).file_part}_vae.zip"
