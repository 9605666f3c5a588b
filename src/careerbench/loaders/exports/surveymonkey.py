"""SurveyMonkey: two rows of headings, and one column per option."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from careerbench.loaders.exports.detect import is_metadata
from careerbench.loaders.exports.model import Question, facts
from careerbench.loaders.exports.options import Group, merge_group
from careerbench.loaders.privacy import personal_by_heading
from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    import pandas as pd

    from careerbench.loaders.exports.model import Export


def arrange_surveymonkey(export: Export) -> Export:
    """Read the second row of headings where there is one, and put option columns together."""
    import pandas as pd

    if not _has_second_row(export.frame):
        return export.decide("one row of headings")
    second = export.frame.iloc[0]
    rest = export.frame.iloc[1:].reset_index(drop=True)
    arranged: dict[str, tuple[Question, pd.Series]] = {}
    for group in _groups(rest, second):
        for name, (question, cells) in _arrange(rest, group).items():
            free = _free_name(name, arranged)
            arranged[free] = replace(question, column=free), cells
    n_merged = rest.shape[1] - len(arranged)
    said = [f"two rows of headings; {n_merged} option columns put under their questions"]
    frame = pd.DataFrame({name: cells for name, (_, cells) in arranged.items()})
    questions = tuple(question for question, _ in arranged.values())
    arrived = replace(
        export,
        frame=frame,
        questions=questions,
        rows=export.rows[1:],
        states=export.states[1:],
    )
    return arrived.decide(*said)


def _has_second_row(frame: pd.DataFrame) -> bool:
    """Tell a second row of headings: no respondent's number, and words such as 'Response'."""
    if not len(frame):
        return False
    second = frame.iloc[0]
    if not second.iloc[0:1].isna().all():
        return False
    single = {fold(name) for name in facts("surveymonkey")["single"]}
    unnamed = [name for name in frame if str(name).startswith("unnamed_")]
    return any(fold(cell) in single for cell in second.dropna()) or bool(
        unnamed and second[unnamed].notna().any()
    )


def _groups(frame: pd.DataFrame, second: pd.Series) -> list[Group]:
    """Put each heading with the columns after it that have none of their own."""
    groups: list[tuple[str, dict[str, str]]] = []
    for name in map(str, frame.columns):
        part = "" if second[name] != second[name] else str(second[name])
        if name.startswith("unnamed_") and groups:
            groups[-1][1][name] = part or name
        else:
            groups.append((name, {name: part}))
    return [Group(text, parts) for text, parts in groups]


def _arrange(frame: pd.DataFrame, group: Group) -> dict[str, tuple[Question, pd.Series]]:
    said = facts("surveymonkey")
    single = {fold(name) for name in said["single"]}
    if len(group.parts) > 1:
        return merge_group(frame, group)
    (name, part), *_ = group.parts.items()
    if not part or fold(part) in single or is_metadata(name, "surveymonkey"):
        open_ended = fold(part) in map(fold, said["open_ended"])
        kind = "text" if open_ended and not personal_by_heading(name) else ""
        return {name: (Question(name, name, kind=kind), frame[name])}
    return merge_group(frame, group)


def _free_name(name: str, taken: dict[str, tuple[Question, pd.Series]]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
