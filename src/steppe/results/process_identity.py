"""Who owns a temp folder or a lease, and whether that process still lives.

Process numbers are used again, so an owner is named by machine, process and the moment the process
began. On the owner's machine its death is seen at once; elsewhere only by a heartbeat that stops.
"""

from __future__ import annotations

import os
import platform
import time
from functools import cache
from hashlib import sha256
from pathlib import Path

_PROC = Path("/proc")


@cache
def machine() -> str:
    """Return eight hexadecimal digits for this boot of this machine (or container)."""
    parts = [platform.node()]
    boot = _PROC / "sys/kernel/random/boot_id"
    namespace = _PROC / "self/ns/pid"
    if boot.exists():
        parts.append(boot.read_text().strip())
    if namespace.exists():
        parts.append(str(namespace.stat().st_ino))
    return sha256("|".join(parts).encode()).hexdigest()[:8]


def token(pid: int | None = None) -> str:
    """Return the name of a process (this one by default) as an owner: machine-pid-birth."""
    number = os.getpid() if pid is None else pid
    return f"{machine()}-{number}-{_birth(number)}"


def is_alive(owner: str, touched: float, patience: float) -> bool:
    """Say whether an owner lives; ``touched`` is when its mark was last renewed (epoch seconds).

    An owner elsewhere, or a mark without a readable name, counts as dead ``patience`` seconds
    after its last sign of life; so does one whose mark lies that far in the future, for a clock
    has been set back and nobody knows how long it would be waited for.
    """
    parts = owner.split("-")
    if len(parts) == 3 and parts[0] == machine() and parts[1].isdigit() and os.name == "posix":
        return _exists(int(parts[1])) and parts[2] == _birth(int(parts[1]))
    return abs(time.time() - touched) < patience


def _birth(pid: int) -> str:
    """Return when a process began, in ticks since boot; '0' where this cannot be known."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return "0"
    # Fields are counted after the last ')': a process may have ')' or blanks in its name.
    fields = stat.rpartition(")")[2].split()
    return "dead" if fields[0] in "ZX" else fields[19]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
