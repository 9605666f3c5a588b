"""The same school under a new number: followed where the links are plain, accounted for always."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from careerbench.checks import require_columns
from careerbench.errors import BadArgumentError, quoted
from careerbench.panel.successions import Succession, without_circles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pandas as pd

KEPT, CONTINUED, MERGED = "kept", "continued as", "merged into"
SPLIT, UNKNOWN = "split", "unknown"
_Fate = tuple[str, str, int, int, "str | None"]
OUTCOMES = (KEPT, CONTINUED, MERGED, SPLIT, UNKNOWN)
_STEP = "resolve_urns"
_LINK_COLUMNS = ("school_urn", "link_urn", "link_type", "link_date")
_COLUMNS = ("school_urn", "current_urn", "outcome", "n_steps", "n_undated", "note")


def resolve_urns(
    urns: Iterable[str],
    links: pd.DataFrame,
    *,
    on: date | None = None,
    schools: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find the number under which each school goes on, and account for every school.

    Parameters
    ----------
    urns : iterable of str
        School URNs, any order, repeats allowed.
    links : DataFrame
        One row per link: ``school_urn``, ``link_urn``, ``link_type`` and ``link_date``, as
        ``loaders.load_links`` gives them.
    on : date, optional
        Follow what happened up to this day only. Links without a date are followed and counted
        in ``n_undated``. Default: all links.
    schools : DataFrame, optional
        The register: ``school_urn`` and ``close_date``. It settles links that run in a circle (a
        closed school went on as the open one) and tells numbers that nobody issued.

    Returns
    -------
    DataFrame
        One row per distinct URN, in the order met: ``school_urn``; ``current_urn``; ``outcome``;
        ``n_steps`` and ``n_undated`` (links followed, those without a date); ``note`` (why an
        outcome is what it is, blank where it speaks for itself). Outcomes: *kept* (no number
        follows), *continued as* (one school, one successor), *merged into* (the successor has
        other predecessors or the link says so), *split* (several successors, or a part left:
        ``current_urn`` is the last number before), *unknown* (links in a circle that nothing
        settles, or a number that neither the links nor ``schools`` know: ``current_urn`` is the
        number itself).

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    BadArgumentError
        If ``urns`` is a single text.

    Notes
    -----
    Both ends of the file are read: "Predecessor" rows say the same as "Successor" rows the other
    way round and make good for rows that stand on one side only. Where links run in a circle, a
    link into a school that had itself been succeeded before is taken for a slip; what then still
    circles is settled by closing dates or left *unknown*.

    Examples
    --------
    >>> import pandas as pd
    >>> links = pd.DataFrame({"school_urn": ["900007"], "link_urn": ["900071"]})
    >>> links = links.assign(link_type="Successor", link_date=pd.Timestamp("2021-01-01"))
    >>> resolve_urns(["900007", "900008"], links)[["school_urn", "current_urn", "outcome"]]
      school_urn current_urn       outcome
    0     900007      900071  continued as
    1     900008      900008          kept
    """
    import pandas as pd

    if isinstance(urns, str) or hasattr(urns, "columns"):
        found = f"'{urns}'" if isinstance(urns, str) else "a table"
        raise BadArgumentError(
            f"{_STEP}: urns is one text or a table.", found=found, hint="a list: ['900007']"
        )
    on = _as_day(on)
    require_columns(links.columns, _LINK_COLUMNS, step=_STEP, hint="loaders.load_links(path)")
    if (
        not pd.api.types.is_datetime64_any_dtype(links["link_date"])
        and links["link_date"].notna().any()
    ):
        raise BadArgumentError(
            f"{_STEP}: link_date holds {links['link_date'].dtype}, not dates.",
            found=str(links["link_date"].dtype),
            hint="loaders.load_links(path)",
        )
    closed = _closings(schools)
    wanted = [str(urn) for urn in dict.fromkeys(urns)]
    family = _Lineage.read(links, on, closed)
    known = None if schools is None else set(closed) | family.named
    fates = family.follow_all(wanted, known)
    rows = [(urn, *fate) for urn, fate in zip(wanted, fates, strict=True)]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    text = dict.fromkeys(("school_urn", "current_urn", "outcome", "note"), "str")
    return table.astype(text | {"n_steps": "int64", "n_undated": "int64"})


def _as_day(on: object) -> date | None:
    """Take a date, or a moment's date; refuse anything else."""
    from datetime import date, datetime

    if isinstance(on, datetime):  # pandas' Timestamp is one
        return on.date()
    if on is None or isinstance(on, date):
        return on
    raise BadArgumentError(
        f"{_STEP}: on must be a date.", found=repr(on), hint="on=date(2021, 1, 1)"
    )


@dataclass(frozen=True)
class _Lineage:
    """Who follows whom, circles taken out; and the schools whose circle nothing settles."""

    onward: Mapping[str, list[Succession]]
    n_before: Mapping[str, int]
    circling: Mapping[str, tuple[str, ...]]
    named: frozenset[str]

    @classmethod
    def read(
        cls, links: pd.DataFrame, on: date | None, closed: Mapping[str, date | None]
    ) -> _Lineage:
        """Read successions up to a day out of the links."""
        successions, circling = without_circles(_successions(links, on), closed)
        onward: dict[str, list[Succession]] = {}
        n_before: dict[str, int] = {}
        for succession in successions:
            onward.setdefault(succession.old, []).append(succession)
            n_before[succession.new] = n_before.get(succession.new, 0) + 1
        named = frozenset({*links["school_urn"].dropna(), *links["link_urn"].dropna()})
        return cls(onward, n_before, circling, named)

    def follow_all(self, urns: list[str], known: set[str] | None) -> list[_Fate]:
        """Walk from each number to the last one; a stretch walked once is not walked again."""
        fates: dict[str, _Fate] = {}
        for urn in urns:
            if known is not None and urn not in known:
                fates[urn] = (urn, UNKNOWN, 0, 0, "in neither the register nor the links")
                continue
            path, here = [], urn
            while here not in fates and (step := self._step(here)) is not None:
                path.append(step)
                here = step.new
            fate = fates.setdefault(here, self._end(here))
            for step in reversed(path):
                fate = fates[step.old] = self._before(step, fate)
        return [fates[urn] for urn in urns]

    def _step(self, urn: str) -> Succession | None:
        """Return the one succession that leads on, if there is one."""
        following = self.onward.get(urn, [])
        plain = len(following) == 1 and following[0].kind != "split"
        return following[0] if plain and urn not in self.circling else None

    def _end(self, urn: str) -> _Fate:
        """Say why nothing leads on from a number."""
        if urn in self.circling:
            note = f"links run in a circle: {quoted(self.circling[urn])}; schools= may settle it"
            return urn, UNKNOWN, 0, 0, note
        if urn in self.onward:
            parts = quoted(succession.new for succession in self.onward[urn])
            return urn, SPLIT, 0, 0, f"{urn} was followed by {parts}"
        return urn, KEPT, 0, 0, None

    def _before(self, step: Succession, fate: _Fate) -> _Fate:
        """Put one succession before what became of the successor."""
        current, outcome, n_steps, n_undated, note = fate
        if outcome == UNKNOWN:
            return step.old, UNKNOWN, 0, 0, note
        if outcome != SPLIT:
            joined = step.kind == "merged" or self.n_before[step.new] > 1
            outcome = MERGED if joined or outcome == MERGED else CONTINUED
        return current, outcome, n_steps + 1, n_undated + (step.day is None), note


def _successions(links: pd.DataFrame, on: date | None) -> list[Succession]:
    """Turn links into successions, one for each pair of numbers."""
    found: dict[tuple[str, str], Succession] = {}
    kinds = _link_types()
    columns = (links[name] for name in _LINK_COLUMNS)
    for urn, link, link_type, moment in zip(*columns, strict=True):
        day = None if moment is None or moment != moment else moment.date()
        if urn == link or str(link_type) not in kinds or (on and day and day > on):
            continue
        kind, backward = kinds[str(link_type)]
        old, new = (link, urn) if backward else (urn, link)
        before = found.get((old, new))
        if before is None or (before.backward, before.day is None) > (backward, day is None):
            found[old, new] = Succession(old, new, kind, day, backward=backward)
    return list(found.values())


@cache
def _link_types() -> dict[str, tuple[str, bool]]:
    """Each type of link: its kind, and whether it points backward."""
    text = files("careerbench.panel").joinpath("link_types.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    ways = (("forward", False), ("either", False), ("backward", True))
    return {name: (kind, back) for way, back in ways for name, kind in said[way].items()}


def _closings(schools: pd.DataFrame | None) -> dict[str, date | None]:
    if schools is None:
        return {}
    hint = "loaders.load_schools(path)"
    require_columns(schools.columns, ("school_urn", "close_date"), step=_STEP, hint=hint)
    moments = zip(schools["school_urn"], schools["close_date"], strict=True)
    return {urn: None if moment != moment else moment.date() for urn, moment in moments}
