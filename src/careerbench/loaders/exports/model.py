"""``Export`` and ``Question``: a survey tool's file as it came, one question to a column."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.provenance import Source

KINDS = ("google_forms", "microsoft_forms", "surveymonkey", "qualtrics", "spss", "table")
CLOSED = ("choice", "multiple", "number", "date")
JOINED_BY = "; "
STATES = ("complete", "partial", "preview", "spam")


@dataclass(frozen=True)
class Question:
    """One column of an export.

    Attributes
    ----------
    column : str
        Its name in the frame.
    text : str
        The words of the question; the column's name where the file has none.
    options : tuple of str
        Answers that the file itself offers (value labels, a column per option).
    kind : str
        ``choice`` (one answer), ``multiple`` (several, joined by ``"; "``), ``number``, ``date``,
        ``text`` (free text), ``metadata`` (the survey tool's own), ``personal``, ``upn``,
        ``empty``; blank until looked at.
    """

    column: str
    text: str
    options: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, eq=False)
class Export:
    """A survey tool's file, every cell text, before anything is dropped.

    Attributes
    ----------
    kind : str
        One of ``KINDS``.
    frame : DataFrame
        One row per response, one column per question.
    questions : tuple of Question
        One per column, in order.
    rows : array of int
        The row of the file that each response stands in.
    source : Source
    states : array of str
        One of ``STATES`` for each response.
    reasons : mapping of str to Series
        For columns in which the file itself says why an answer is missing: the reason.
    codes : mapping of str to mapping
        Answer to the code that stands in the file, where it has value labels.
    warnings : tuple of str
        What is worth knowing beside the source's decisions.
    """

    kind: str
    frame: pd.DataFrame
    questions: tuple[Question, ...]
    rows: NDArray[np.int64]
    source: Source
    states: NDArray[np.object_]
    reasons: Mapping[str, pd.Series] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def decide(self, *said: str) -> Export:
        """Write decisions down."""
        decisions = (*self.source.decisions, *said)
        return replace(self, source=replace(self.source, decisions=decisions))

    def take(self, kept: NDArray[np.bool_]) -> Export:
        """Keep some of the responses."""
        return replace(
            self,
            frame=self.frame[kept].reset_index(drop=True),
            rows=self.rows[kept],
            states=self.states[kept],
            reasons={name: why[kept].reset_index(drop=True) for name, why in self.reasons.items()},
        )

    def of_kind(self, *kinds: str) -> list[str]:
        """Name the columns of some kinds, in order."""
        return [each.column for each in self.questions if each.kind in kinds]

    def respondent(self) -> str | None:
        """Name the column in which the survey tool numbers its responses."""
        known = {fold(name) for name in facts(self.kind).get("respondent", ())}
        return next((each for each in self.frame if fold(str(each)) in known), None)


@cache
def known() -> Mapping[str, Mapping[str, Any]]:
    """Read what is known about the survey tools."""
    return _toml("known")


def facts(kind: str) -> Mapping[str, Any]:
    """Return what is known about one survey tool."""
    return known()[kind]


@cache
def closed_words() -> frozenset[str]:
    """Return folded answers that only closed questions have, reasons included."""
    said = _toml("answers")
    reasons = [word for words in said["reasons"].values() for word in words]
    return frozenset(fold(word) for word in (*said["closed"], *reasons))


def describing_words() -> Mapping[str, list[str]]:
    """Return the words of questions that ask who answers, by what they ask for."""
    return _toml("answers")["describing"]


def reason_for(label: str) -> str | None:
    """Say which reason for a missing answer a label stands for; None where it is an answer.

    Examples
    --------
    >>> reason_for("Prefer not to say"), reason_for("NOT APPLICABLE"), reason_for("Agree")
    ('refused', 'not_applicable', None)
    """
    return _reasons().get(fold(label))


@cache
def _reasons() -> dict[str, str]:
    said: Mapping[str, list[str]] = _toml("answers")["reasons"]
    return {fold(word): reason for reason, words in said.items() for word in words}


def questions_to_json(questions: tuple[Question, ...]) -> str:
    """Write questions as text that survives files and frame attributes."""
    return json.dumps([asdict(each) for each in questions], ensure_ascii=False)


def questions_from_json(said: str) -> tuple[Question, ...]:
    """Read what ``questions_to_json`` wrote."""
    return tuple(
        Question(**{**each, "options": tuple(each["options"])}) for each in json.loads(said)
    )


@cache
def _toml(name: str) -> dict[str, Any]:
    file = files("careerbench.loaders.exports") / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
