"""What the app is told at its start: where it listens, what it serves, and its limits."""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024
LEAST_PASSWORD = 10
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ANY = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class AppLimits:
    """How much users may ask for; sizes in bytes, times in seconds."""

    body: int = 64 * 1024
    upload: int = 16 * MIB
    unpacked: int = 48 * MIB
    files: int = 60
    """Files of one uploaded case."""
    cases: int = 5
    """Uploaded or opened cases of one user."""
    sessions: int = 32
    idle: float = 12 * 3600.0
    jobs_at_once: int = 2
    running_each: int = 2
    """Jobs of one user that run at once; further ones wait."""
    jobs_each: int = 4
    """Jobs of one user that run or wait."""
    seeds: int = 200
    scale: float = 100.0
    """Most agents for one citizen."""
    changes: int = 60
    """Values that one setting may change."""
    requests_each: int = 12
    """Requests of one user that are answered at once."""
    streams_each: int = 12
    """Jobs that one user watches at once."""
    stored: float = math.inf
    """Bytes of runs and uploads of one user."""
    spare: int = 256 * MIB
    """Bytes that stay free on the disk of the store."""
    memory_mib: float = math.inf
    """Memory of one run."""
    look_seconds: float = math.inf
    """A quick look that takes longer is given up."""
    views: int = 24
    """Comparisons kept in memory."""
    run_seconds: float = 1800.0
    attempts: int = 10
    """Wrong codes or passwords from one address in a minute, before it may try no more."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"limits: {name} must be above 0, got {getattr(self, name)}")


LOCAL = AppLimits()
SHARED = AppLimits(
    running_each=1, scale=1.0, stored=2048 * MIB, memory_mib=6144.0, look_seconds=60.0
)
"""A shared app is fair: nobody's runs, looks or bytes take what the others need."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where and for whom the app runs.

    On loopback a one-time code admits; any other ``host`` is shared and needs a ``password`` and,
    if it stands for all addresses, the ``names`` under which browsers reach it. ``https`` says
    that a server in front speaks TLS. ``cases`` are folders opened beside the shipped cases;
    ``limits`` are those for one user or for many, unless they are given.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 8322
    names: tuple[str, ...] = ()
    password: str = ""
    https: bool = False
    cases: tuple[Path, ...] = ()
    limits: AppLimits = LOCAL
    home: Path = field(default_factory=Path.cwd)
    """The folder the app was started in; cases made in the app are saved below it."""

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port must be in 0..65535, got {self.port}")
        if not self.shared:
            return
        if self.limits is LOCAL:
            object.__setattr__(self, "limits", SHARED)
        if len(self.password) < LEAST_PASSWORD:
            raise ValueError(
                f"an app that listens on {self.host} is open to others and needs a password of at "
                f"least {LEAST_PASSWORD} characters"
            )
        if self.host in ANY and not self.names:
            raise ValueError(
                f"{self.host} stands for every address: give the name under which browsers reach "
                "this machine with --name"
            )

    @property
    def shared(self) -> bool:
        """Whether others than the user of this machine can reach the app."""
        return not is_loopback(self.host)

    @property
    def hosts(self) -> frozenset[str]:
        """The values of the Host header that are answered."""
        own = () if self.host in ANY else (_bracketed(self.host),)
        bare = (*LOOPBACK, *own, *(name.lower() for name in self.names))
        standard = 443 if self.https else 80
        ported = {f"{name}:{self.port}" for name in bare}
        return frozenset(ported | set(bare if self.port == standard or self.https else ()))

    @property
    def origins(self) -> frozenset[str]:
        """The values of the Origin header that are answered."""
        scheme = "https" if self.https else "http"
        return frozenset(f"{scheme}://{host}" for host in self.hosts)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()
