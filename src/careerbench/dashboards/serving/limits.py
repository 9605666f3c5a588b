"""How much a visitor may ask of the server, and how many kernels it keeps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_BODY = 16_384
"""Bytes of a request's body: a password is the most that anybody sends."""
LARGEST_MESSAGE = 262_144
"""Bytes of one message of a page to its kernel."""
_CALLERS = 10_000


@dataclass(frozen=True)
class Limits:
    """What the kernels of a dashboard may cost.

    Attributes
    ----------
    most_kernels : int
        Kernels at once, the ready ones among them; who comes later is told to come back.
    ready_kernels : int
        Kernels started before anybody asks.
    idle_seconds : int
        Seconds without a message after which a kernel is ended, whether its page is open or not.
    grace_seconds : float
        Seconds that a kernel waits for its page: for the first time, or to come back.
    """

    most_kernels: int = 12
    ready_kernels: int = 1
    idle_seconds: int = 900
    grace_seconds: float = 30


class Meter:
    """Allow each caller so many acts at once, and so many a second after that.

    Parameters
    ----------
    burst : float
        Acts at once.
    per_second : float
        Acts a second that are given back.
    clock : callable, optional
        Seconds that pass.

    Examples
    --------
    >>> meter = Meter(2, 1, clock=lambda: 0)
    >>> [meter.allows("a"), meter.allows("a"), meter.allows("a"), meter.allows("b")]
    [True, True, False, True]
    """

    def __init__(
        self, burst: float, per_second: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._pace, self._clock = burst, per_second, clock
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, caller: str) -> bool:
        """Count one act of a caller, and say whether it is within the limit."""
        now = self._clock()
        left, then = self._left.pop(caller, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._pace)
        allowed = left >= 1
        self._left[caller] = (left - allowed, now)
        while len(self._left) > _CALLERS:  # the one that asked longest ago is forgotten
            del self._left[next(iter(self._left))]
        return allowed
