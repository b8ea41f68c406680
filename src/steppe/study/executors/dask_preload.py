"""Loaded by the workers that a cluster on this machine starts: Ctrl-C is for the driver alone."""

import signal


def dask_setup(worker: object) -> None:
    """Ignore the interrupt that a terminal sends to every process it shows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
