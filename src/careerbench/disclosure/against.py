"""``Book``: what earlier releases already show, what was proved anew, and every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from careerbench.disclosure.protecting import KEY, adds_cells, same_people
from careerbench.disclosure.questions import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.populations import Population
    from careerbench.disclosure.questions import Answer
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
        self._log: list[dict[str, Any]] = []
        self._known: dict[tuple[str, ...], pd.DataFrame] = {}
        self._carried: set[tuple[str, ...]] = set()
        for release in against:  # a later release of a question stands on the earlier ones
            for key, cells in release.cells().groupby(list(KEY), sort=False):
                self._known[tuple(str(part) for part in key)] = cells

    def note(self, decision: str, n_cells: int) -> None:
        """Write a decision down."""
        self._log.append({"decision": decision, "n_cells": n_cells})

    def question(self, forms: Sequence[Population]) -> Question:
        """Put all forms of one question together with what an earlier release has of it."""
        return Question(tuple(forms), self._known.get(_key_of(forms[0])))

    def take(self, answer: Answer) -> list[pd.DataFrame]:
        """Take in what became of one question; return its cells."""
        self.proved.extend(answer.proved)
        for note in answer.notes:
            self.note(note, 0)
        return answer.parts

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
