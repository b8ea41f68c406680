"""Hours that arms of one seed share: checkpoints that a store keeps.

A checkpoint is no result: it saves the time of simulating hours again, and can be removed.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from steppe.case.canonical import scenario_hash
from steppe.case.scenario import Scenario
from steppe.core.errors import StoreError
from steppe.engine.checkpoint import Checkpoint, CheckpointError, load_checkpoint
from steppe.engine.run import MODEL_VERSION, engine_version, run
from steppe.results.atomic_io import discard, explained, make_folders
from steppe.results.hashing import RunIdentity
from steppe.results.store import Store

FOLDER = "checkpoints"
"""Where a store keeps them; each is named by the key of its run and its hour."""


def checkpoint_path(store: Store, scenario: Scenario, seed: int, scale: float, hours: int) -> Path:
    """Return where the state of a run after so many hours is kept, whether it is there or not."""
    scenario_id, version = scenario_hash(scenario), engine_version(scenario)
    key = RunIdentity(scenario_id, seed, scale, MODEL_VERSION, version).key
    return store.path / FOLDER / key[:2] / f"{key}-{hours}"


def checkpoint_at(
    store: Store, scenario: Scenario, seed: int, scale: float, hours: int
) -> Checkpoint:
    """Return the state of a run after so many hours, from ``store`` or simulated and stored now.

    A damaged one is simulated again; one that cannot be stored is used all the same.
    """
    path = checkpoint_path(store, scenario, seed, scale, hours)
    if path.exists():
        with contextlib.suppress(CheckpointError):
            return load_checkpoint(path)
    checkpoint = run(scenario, seed, scale=scale, until=hours)
    with contextlib.suppress(StoreError):
        _keep(store, checkpoint, path)
    return checkpoint


def forget_checkpoints(store: Store) -> int:
    """Remove all checkpoints of a store; return how many. Those needed again are simulated."""
    paths = [path for path in (store.path / FOLDER).glob("??/*") if path.is_file()]
    with explained(store.path):
        for path in paths:
            path.unlink(missing_ok=True)
    discard(store.path / FOLDER)
    return len(paths)


def _keep(store: Store, checkpoint: Checkpoint, path: Path) -> None:
    with explained(store.path):
        whole = checkpoint.save(store.scratch())
        make_folders(path.parent)
        os.replace(whole, path)
