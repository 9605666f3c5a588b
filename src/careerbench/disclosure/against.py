"""``Book``: what earlier releases already show, what was proved anew, and every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.protecting import KEY, MARKS, adds_cells, same_people

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.populations import Population
    from careerbench.disclosure.release import Release
    from careerbench.study import Study


class Book:
    """The decisions of one build, beside the releases that went before.

    Attributes
    ----------
    carried : list of DataFrame
        Cells taken over from an earlier release as they are.
    proved : list of dict
        What was proved of each question at each wave.
    behind : dict
        How many cells are hidden and why: for who builds the release, in no file.
    """

    def __init__(self, against: Sequence[Release]) -> None:
        self.carried: list[pd.DataFrame] = []
        self.proved: list[dict[str, Any]] = []
        self.behind: dict[str, int] = {}
        self._in_hand: set[tuple[str, ...]] = set()
        self._log: list[dict[str, Any]] = []
        self._known: dict[tuple[str, ...], pd.DataFrame] = {}
        self._carried: set[tuple[str, ...]] = set()
        for release in against:  # a later release of a question stands on the earlier ones
            for key, cells in release.cells().groupby(list(KEY), sort=False):
                self._known[tuple(str(part) for part in key)] = cells

    def note(self, decision: str, n_cells: int) -> None:
        """Write a decision down."""
        self._log.append({"decision": decision, "n_cells": n_cells})

    def earlier(self, population: Population) -> pd.DataFrame | None:
        """Return the counts of a question in an earlier release, where there are any."""
        cells = self._known.get(_key_of(population))
        if cells is None:
            return None
        return cells[cells["measure"] == "count"]

    def in_hand(self, population: Population) -> bool:
        """Say whether the other form of a question was protected already."""
        return _key_of(population) in self._in_hand

    def has(self, population: Population, part: pd.DataFrame) -> None:
        """Take in one form of a question, so that its other form is protected beside it."""
        import pandas as pd

        key = _key_of(population)
        self._in_hand.add(key)
        texts = [name for name in part if name not in MARKS]
        mine = part[texts].assign(measure="count", value=part["n"].where(~part["hidden"]))
        if key in self._known:
            mine = pd.concat([mine, self._known[key]], ignore_index=True)
            names = [name for name in mine if name not in {"unit", "measure", "value", "reason"}]
            mine = mine.astype(dict.fromkeys(names, "object"))
            mine[names] = mine[names].fillna(ALL)
            mine = mine[mine["measure"] == "count"].drop_duplicates(names, ignore_index=True)
        self._known[key] = mine

    def settle(self, populations: Sequence[Population], policy: Policy) -> None:
        """Take over from earlier releases every question that is not to be counted anew.

        That is so where its answers have changed since then, and where nothing is added to it.
        """
        for key, cells in self._known.items():
            mine = [population for population in populations if _key_of(population) == key]
            if not mine:  # nothing of it would be in the new release
                continue
            counts = cells[cells["measure"] == "count"]
            same = all(same_people(population, policy, counts) for population in mine)
            added = any(adds_cells(population, policy, counts) for population in mine)
            if same and added:
                continue
            self._carried.add(key)
            self.carried.append(cells)
            why = "nothing is added" if same else "answers have changed; they need another wave"
            self.note(f"{', '.join(key)}: taken over from an earlier release ({why})", len(cells))

    def carried_counts(self, study: Study) -> list[pd.DataFrame]:
        """Lay out the counts of people that are taken over as cells in work.

        Their ``n`` is not known and blank.
        """
        found = []
        for cells in self.carried:
            counts = cells[(cells["measure"] == "count") & cells["topic"].isin(study.surveys)]
            scales = {name: survey.scale.id for name, survey in study.surveys.items()}
            marks = {"hidden": counts["value"].isna(), "own": False,
                     "scored": counts["item"] == counts["topic"].map(scales)}  # fmt: skip
            found.append(counts.drop(columns=["measure", "value", "reason"]).assign(**marks))
        return found

    def carries(self, population: Population) -> bool:
        """Say whether a question is taken over as it was released."""
        return _key_of(population) in self._carried

    def to_frame(self) -> pd.DataFrame:
        """Lay the decisions out: ``decision`` and ``n_cells``."""
        import pandas as pd

        return pd.DataFrame(self._log, columns=["decision", "n_cells"])


def _key_of(population: Population) -> tuple[str, ...]:
    return tuple(getattr(population, name) for name in KEY)
