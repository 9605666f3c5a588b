"""One school followed by another, and how circles among them are taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True)
class Succession:
    """``old`` goes on as ``new``: how, since when, and whether only a backward row says so."""

    old: str
    new: str
    kind: str
    day: date | None
    backward: bool = False


def without_circles(
    successions: list[Succession], closed: Mapping[str, date | None]
) -> tuple[list[Succession], dict[str, tuple[str, ...]]]:
    """Drop what makes successions circle; name the schools whose circle nothing settles.

    Parameters
    ----------
    successions : list of Succession
    closed : mapping of str to date or None
        Closing day of each registered school, None while it is open; may be empty.

    Returns
    -------
    list of Succession
        Those kept.
    dict of str to tuple of str
        Each school on a circle that stays: the numbers on it.

    Examples
    --------
    >>> early, late = date(2011, 8, 31), date(2011, 9, 1)
    >>> both = [Succession("1", "2", "merged", early), Succession("2", "1", "merged", late)]
    >>> kept, circling = without_circles(both, {})
    >>> [(one.old, one.new) for one in kept], circling
    ([('1', '2')], {})
    """
    kept = _drop(successions, _too_late)
    kept = _drop(kept, lambda inside: _out_of_open_schools(inside, closed))
    return kept, {urn: circle for circle in _circles(kept) for urn in circle}


def _drop(
    successions: list[Succession], rule: Callable[[list[Succession]], list[Succession]]
) -> list[Succession]:
    """Drop those within circles that a rule condemns."""
    place = {urn: number for number, circle in enumerate(_circles(successions)) for urn in circle}
    inside = [s for s in successions if s.old in place and place.get(s.old) == place.get(s.new)]
    condemned = set(rule(inside))
    return [succession for succession in successions if succession not in condemned]


def _too_late(inside: list[Succession]) -> list[Succession]:
    """Find successions into a school that had itself been succeeded before."""
    succeeded: dict[str, date] = {}
    for one in inside:
        if one.day is not None:
            succeeded[one.old] = min(one.day, succeeded.get(one.old, one.day))
    return [
        one
        for one in inside
        if one.day is not None and one.new in succeeded and succeeded[one.new] < one.day
    ]


def _out_of_open_schools(
    inside: list[Succession], closed: Mapping[str, date | None]
) -> list[Succession]:
    """Find successions out of a school that is open into one that is closed."""
    return [
        one
        for one in inside
        if closed.get(one.old, date.min) is None and closed.get(one.new) is not None
    ]


def _circles(successions: Iterable[Succession]) -> list[tuple[str, ...]]:
    """List the sets of schools that can each be reached from each other (Tarjan, no recursion).

    Splits do not count: nobody follows them.
    """
    onward: dict[str, list[str]] = {}
    for one in successions:
        if one.kind != "split":
            onward.setdefault(one.old, []).append(one.new)
    return [group for group in _components(onward) if len(group) > 1]


def _components(onward: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    found: list[tuple[str, ...]] = []
    for root in onward:
        work = [(root, iter(onward.get(root, ())))] if root not in index else []
        while work:
            here, rest = work[-1]
            if here not in index:
                index[here] = low[here] = len(index)
                stack.append(here)
                waiting.add(here)
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == index[here]:
                    found.append(_unwind(stack, waiting, here))
            elif step not in index:
                work.append((step, iter(onward.get(step, ()))))
            elif step in waiting:
                low[here] = min(low[here], index[step])
    return found


def _unwind(stack: list[str], waiting: set[str], here: str) -> tuple[str, ...]:
    group: list[str] = []
    while not group or group[-1] != here:
        group.append(stack.pop())
        waiting.discard(group[-1])
    return tuple(sorted(group))
