"""One column per option becomes one column per question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.loaders.exports.model import JOINED_BY, Question, facts
from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_SEVERAL = ("select all", "tick all", "all that apply", "choose all", "check all", "as many as")


@dataclass(frozen=True)
class Group:
    """Columns that stand under one question, each with its own sub-heading."""

    text: str
    parts: Mapping[str, str]


def merge_group(frame: pd.DataFrame, group: Group) -> dict[str, tuple[Question, pd.Series]]:
    """Make one column of option columns, and a column each of rows of a grid.

    A column is an option where every answer in it is the option's own words, or its place in the
    list (as SurveyMonkey and Qualtrics write them). An option with a field to write into
    ("Other (please specify)") counts as chosen where something was written, and what was written
    is a column of its own.
    """
    columns = list(group.parts)
    places = {column: str(place) for place, column in enumerate(columns, start=1)}
    written = [name for name in columns if _is_written(frame[name], group.parts[name])]
    options = [
        name
        for name in columns
        if name not in written and _is_option(frame[name], group.parts[name], places[name])
    ]
    if len(options) + len(written) < len(columns) or not options:
        return {
            _part_name(group.text, group.parts[name]): _part(frame[name], group, name)
            for name in columns
        }
    out = {group.text: _merged(frame, group, options, written)}
    for name in written:
        text = _part_name(group.text, group.parts[name])
        out[text] = Question(text, text, kind="text"), frame[name]
    return out


def _merged(
    frame: pd.DataFrame, group: Group, options: Sequence[str], written: Sequence[str]
) -> tuple[Question, pd.Series]:
    import pandas as pd

    chosen = {
        name: frame[name].notna() & (frame[name] != "0")
        for name in group.parts
        if name in (*options, *written)
    }
    labels = [group.parts[name] for name in chosen]
    rows = zip(*(each.tolist() for each in chosen.values()), strict=True)
    joined = [
        JOINED_BY.join(label for label, is_chosen in zip(labels, row, strict=True) if is_chosen)
        or None
        for row in rows
    ]
    several = sum(each.astype(int) for each in chosen.values()).max() > 1 or any(
        words in group.text.casefold() for words in _SEVERAL
    )
    kind = "multiple" if several else "choice"
    cells = pd.Series(joined, index=frame.index, dtype="str")
    return Question(group.text, group.text, tuple(labels), kind), cells


def _part(cells: pd.Series, group: Group, name: str) -> tuple[Question, pd.Series]:
    text = _part_name(group.text, group.parts[name])
    return Question(text, text), cells


def _part_name(question: str, part: str) -> str:
    return f"{question} [{' '.join(part.split())}]"


def _is_option(cells: pd.Series, option: str, place: str) -> bool:
    said = set(cells.dropna().unique())
    return all(fold(each) == fold(option) and each for each in said) or said <= {place, "0"}


def _is_written(cells: pd.Series, option: str) -> bool:
    """Tell a field to write into from an option: its answers are not its heading."""
    others = [fold(name) for name in facts("surveymonkey")["other"]]
    if fold(option) not in others and "specify" not in option.casefold():
        return False
    return not all(fold(each) == fold(option) for each in cells.dropna().unique())
