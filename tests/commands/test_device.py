"""``steppe run --device gpu`` where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Steppe

from steppe.core.device import has_device


def test_a_missing_gpu_is_said_before_anything_is_run(steppe: Steppe, tmp_path: Path) -> None:
    if has_device():
        pytest.skip("there is a CUDA device here")
    found = steppe("run", "kazakhstan-2022", "--seeds", 1, "--device", "gpu")
    assert found.code == 2
    assert "steppe[gpu]" in found.err
    assert found.out == ""
    assert not (tmp_path / "runs").exists()
