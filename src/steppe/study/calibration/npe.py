"""A second opinion: neural posterior estimation by the package ``sbi``, where it is installed.

The same stored runs, the same errors of observation, another method: a normalizing flow instead
of a kernel and a regression (Greenberg, Nonnenmacher and Macke, ICML 2019; Tejero-Cantero et al.,
JOSS 5, 2020). It is never needed; its intervals are often too narrow with few runs, so it is held
against the default and never takes its place.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
from numpy.typing import NDArray

from steppe.core.errors import SteppeError
from steppe.study.calibration.abc import WeightedSample

Floats = NDArray[np.float64]

SAMPLES = 2000
SEED = 1


def neural(outputs: Floats, quantities: Floats, observed: Floats) -> WeightedSample:
    """Return draws of ``quantities`` (normal scores) given ``observed``, of equal weight.

    ``rows`` of the result say nothing: a flow keeps no runs. Raises ``SteppeError`` when ``sbi``
    is not installed.
    """
    try:
        import torch
        from sbi.inference import NPE
    except ImportError:
        wrong = "neural posterior estimation needs sbi: pip install 'steppe[calibrate]'"
        raise SteppeError(wrong) from None
    torch.manual_seed(SEED)
    center, spread = outputs.mean(axis=0), np.maximum(outputs.std(axis=0), 1e-9)
    wide = quantities.shape[1]
    prior = torch.distributions.MultivariateNormal(torch.zeros(wide), torch.eye(wide))
    learner = NPE(prior, show_progress_bars=False)
    learner.append_simulations(_tensor(quantities), _tensor((outputs - center) / spread))
    with contextlib.redirect_stdout(io.StringIO()):  # it reports its training there
        learner.train(show_train_summary=False)
        posterior = learner.build_posterior()
        data = _tensor((observed - center) / spread)
        sample = posterior.sample((SAMPLES,), x=data, show_progress_bars=False)
    values = sample.numpy().astype(np.float64)
    weights = np.full(len(values), 1.0 / len(values))
    rows = np.zeros(len(values), dtype=np.intp)
    return WeightedSample(values, weights, rows, 0.0, np.empty((len(values), 0)))


def _tensor(values: Floats) -> object:
    import torch

    return torch.as_tensor(values, dtype=torch.float32)
