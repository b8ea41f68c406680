"""Ways to have a list of runs simulated: in this process, or by a small pool of worker processes.

An executor knows nothing of the model. It is given tasks and a function that computes one task
and commits it to the store; the store alone says what is finished.
"""

from steppe.study.executors.executor import (
    MAX_ATTEMPTS,
    Executor,
    ExecutorError,
    Finished,
    Interrupted,
    Task,
    TaskDone,
    TaskFailed,
    TasksElsewhere,
    Work,
    cores,
    share_cores,
)
from steppe.study.executors.pool import LocalPool
from steppe.study.executors.process import WorkerLimits
from steppe.study.executors.scheduler import Inline

__all__ = [
    "MAX_ATTEMPTS",
    "Executor",
    "ExecutorError",
    "Finished",
    "Inline",
    "Interrupted",
    "LocalPool",
    "Task",
    "TaskDone",
    "TaskFailed",
    "TasksElsewhere",
    "Work",
    "WorkerLimits",
    "cores",
    "share_cores",
]
