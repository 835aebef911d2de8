"""Every machine of the table comes to what it must."""

from __future__ import annotations

import pytest

from tests.machines.machine import MACHINES, Machine
from tests.machines.run import Machines

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Machines:
    return Machines(tmp_path_factory.mktemp("machines"))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_machine(machines: Machines, machine: Machine) -> None:
    assert machines.come(machine).problem == ""
