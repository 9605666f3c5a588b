"""Questions are protected one by one: in this process, or several at a time in others."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.protecting import MARKS, as_protected
from careerbench.errors import BadArgumentError, DisclosureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.populations import Population

_WORTH_IT = 40_000
"""So many rows to protect, and starting other processes pays."""


@dataclass(frozen=True, eq=False)
class Question:
    """All forms of one question at one wave, and what an earlier release has of it."""

    forms: tuple[Population, ...]
    earlier: pd.DataFrame | None = None

    @property
    def name(self) -> str:
        """What the question is, for progress and notes."""
        first = self.forms[0]
        return f"{first.topic}, {first.item}, {first.wave}"


@dataclass(frozen=True, eq=False)
class Answer:
    """What became of one question: its cells, what was proved, and what was left out."""

    parts: list[pd.DataFrame] = field(default_factory=list)
    proved: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Known:
    """What is published of a question already: in an earlier release, and in its other forms."""

    def __init__(self, earlier: pd.DataFrame | None) -> None:
        self._cells = None if earlier is None else earlier[earlier["measure"] == "count"]

    def counts(self) -> pd.DataFrame | None:
        """Return the counts, hidden ones blank; None where nothing is known."""
        return self._cells

    def add(self, part: pd.DataFrame) -> None:
        """Take in one form of the question."""
        import pandas as pd

        texts = [name for name in part if name not in MARKS]
        mine = part[texts].assign(measure="count", value=part["n"].where(~part["hidden"]))
        if self._cells is not None:
            mine = pd.concat([mine, self._cells], ignore_index=True)
            names = [name for name in mine if name not in {"unit", "measure", "value", "reason"}]
            mine = mine.astype(dict.fromkeys(names, "object"))
            mine[names] = mine[names].fillna(ALL)
            mine = mine.drop_duplicates(names, ignore_index=True)
        self._cells = mine


def protect_question(question: Question, policy: Policy) -> Answer:
    """Protect each form of a question beside its other forms.

    A further form that cannot be proved safe beside the first is left out, and noted.
    """
    known, answer = _Known(question.earlier), Answer()
    for form in question.forms:
        try:
            part, proved = as_protected(form, policy, known.counts())
        except DisclosureError:
            if not answer.parts:
                raise
            answer.notes.append(
                f"{question.name}: each answer apart is not released, "
                "it is not safe beside the rest"
            )
            continue
        known.add(part)
        answer.parts.append(part)
        answer.proved.append(proved)
    return answer


def protect_questions(
    questions: Sequence[Question], policy: Policy, *, workers: int | None
) -> Iterator[Answer]:
    """Protect questions in their order; ``workers`` processes at a time change nothing but time.

    Raises
    ------
    DisclosureError
        If the first form of a question cannot be proved safe.
    """
    n_workers = _number(questions, workers)
    if n_workers == 1:
        for question in questions:
            yield protect_question(question, policy)
        return
    import joblib

    run = joblib.Parallel(n_jobs=n_workers, return_as="generator", batch_size=1)
    yield from run(joblib.delayed(protect_question)(question, policy) for question in questions)


def _number(questions: Sequence[Question], workers: int | None) -> int:
    """Say how many processes to use: as asked, else all processors where there is much to do."""
    if workers is None:
        n_rows = sum(len(form.base) for question in questions for form in question.forms)
        workers = (os.cpu_count() or 1) if n_rows >= _WORTH_IT else 1
    elif isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise BadArgumentError(
            "build_release: workers must be a whole number of 1 or more.",
            found=repr(workers),
            hint="workers=1 for this process only, None for what suits the machine",
        )
    return max(1, min(workers, len(questions)))
