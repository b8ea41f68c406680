"""AgentTorch's own example of a large population: COVID-19 among the citizens of Astoria."""

from __future__ import annotations

import time
import warnings
from importlib.metadata import version
from typing import Any

from benchmarks.sides.watch import peak_mib, timed


def covid(told: dict[str, Any]) -> dict[str, Any]:
    """Return what ``steps`` days took, isolation decided by its heuristic instead of a model."""
    warnings.simplefilter("ignore")
    import torch
    from agent_torch.core.dataloader import LoadPopulation
    from agent_torch.core.executor import Executor
    from agent_torch.models import covid as model
    from agent_torch.populations import astoria

    torch.set_num_threads(told["threads"])
    before, began = peak_mib(), time.perf_counter()
    runner = Executor(model=model, pop_loader=LoadPopulation(astoria)).runner
    settings = runner.config["simulation_metadata"]
    settings["EXECUTION_MODE"], settings["calibration"] = "heuristic", False
    runner.init()
    built = time.perf_counter() - began
    runner.step(told["warm"])
    people, steps = int(settings["num_agents"]), told["steps"]
    block = timed(lambda: runner.step(steps), people * steps)
    stages = runner.state["agents"]["citizens"]["disease_stage"]
    sick = int((stages > 0).sum())
    assert 0 < sick < people, "the epidemic is under way"
    return {
        "version": f"AgentTorch {version('agent-torch')}",
        "agents": people,
        "build_s": built,
        "block": block,
        "bytes_per_agent": (peak_mib() - before) * 2**20 / people,
        "infected_share": sick / people,
    }
