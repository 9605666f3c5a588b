"""What ``holding_back`` found, and its summary over the programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from careerbench.result import Result
from careerbench.scoring import states

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_KEYS = ["wave", "benchmark"]


@dataclass(frozen=True, eq=False)
class HeldBack(Result):
    """How many schools each criterion holds back, per wave."""

    caption: ClassVar[str] = "Criteria that hold schools back"
    formats: ClassVar[Mapping[str, str]] = {"share_alone": ".0%"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_scored": (),
        "n_short": ("share_alone",),
        "n_held_back": (),
        "n_alone": ("share_alone",),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is counted."""
        return (
            "n_scored: schools with a state for the Benchmark; n_short: those of them below the "
            "state in question.",
            "n_held_back: schools for which the criterion is in a set that would do; n_alone: "
            "schools that the criterion alone would bring there; share_alone: of n_short.",
            "Criteria come by n_alone: the first of a Benchmark is the next-easiest for most "
            "schools, not the easiest to do.",
        )


@dataclass(frozen=True, eq=False)
class HoldingBack(Result):
    """The criteria between each school and the next state of each Benchmark.

    ``standings`` has one row per school, wave and Benchmark with its ``state``, those that
    nothing holds back included.
    """

    standings: pd.DataFrame
    framework: str

    caption: ClassVar[str] = "Criteria between each school and the next state"
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {"n_not_met": (), "n_unanswered": ()}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say how to read sets, and which Benchmarks have no rows."""
        state = self.standings["state"]
        achieved, unscored = ((state == one).sum() for one in (states.ACHIEVED, states.NOT_SCORED))
        return (
            "Criteria with the same set are lacking together; another set would do in its place. "
            "n_sets counts all of them, also those not listed.",
            f"No rows for {achieved:,} Benchmarks already achieved and {unscored:,} not scored, "
            "which need answers first.",
            "What is not met is what the audit says is not met: it may be the answer that lacks.",
        )

    def by_criterion(self) -> HeldBack:
        """Count the schools that each criterion holds back.

        Returns
        -------
        HeldBack
            One row per wave, Benchmark and criterion that holds back a school: ``n_scored``,
            ``n_short``, ``n_held_back``, ``n_alone``, ``share_alone`` (of ``n_short``); within a
            Benchmark by ``n_alone``, most first.
        """
        scored = self.standings[self.standings["state"] != states.NOT_SCORED]
        bases = scored.groupby(_KEYS, sort=False, observed=True).size().rename("n_scored")
        short = self.table.drop_duplicates(["school_urn", *_KEYS])
        n_short = short.groupby(_KEYS, sort=False, observed=True).size().rename("n_short")
        once = self.table.drop_duplicates(["school_urn", *_KEYS, "criterion"])
        alone = self.table[self.table["alone"]].drop_duplicates(["school_urn", *_KEYS, "criterion"])
        keys = [*_KEYS, "criterion"]
        table = once.groupby(keys, sort=False, observed=True).size().rename("n_held_back")
        table = table.reset_index().join(bases, on=_KEYS).join(n_short, on=_KEYS)
        n_alone = alone.groupby(keys, sort=False, observed=True).size().rename("n_alone")
        table = table.join(n_alone, on=keys)
        table["n_alone"] = table["n_alone"].fillna(0).astype("int64")
        table["share_alone"] = table["n_alone"] / table["n_short"]
        table = table.assign(**{key: _ranked(self.standings, table, key) for key in ("_w", "_b")})
        table = table.sort_values(
            ["_w", "_b", "n_alone", "n_held_back"],
            ascending=[True, True, False, False],
            kind="stable",
        )
        columns = [*keys, "n_scored", "n_short", "n_held_back", "n_alone", "share_alone"]
        return HeldBack(table[columns].reset_index(drop=True))


def _ranked(standings: pd.DataFrame, table: pd.DataFrame, key: str) -> pd.Series:
    """Rank waves and Benchmarks in the order of the standings."""
    name = {"_w": "wave", "_b": "benchmark"}[key]
    order = {value: rank for rank, value in enumerate(standings[name].unique())}
    return table[name].map(order).astype("int64")
