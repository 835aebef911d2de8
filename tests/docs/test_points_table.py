"""The README's table of points is that of the assignments."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("points", ROOT / "scripts" / "points_table.py")
    assert spec and spec.loader
    points = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(points)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert points.with_table(readme) == readme, "run scripts/points_table.py"
    assert points.with_table(f"{points.BEGIN}| old |\n{points.END}") != readme
