"""Qualtrics: one to three rows of headings; previews, spam and partial responses kept apart."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from careerbench.loaders.exports.model import Question, facts
from careerbench.loaders.exports.options import Group, merge_group
from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.loaders.exports.model import Export

_MOST_HEADER_ROWS = 3
_SPLIT = re.compile(r"(?P<stem>Q[\w.]*?)_(?P<place>\d+)(?:_(?P<more>TEXT))?")
_SELECTED = re.compile(r"\s*-\s*Selected Choice\s*$", re.IGNORECASE)
_DASH = " - "


def arrange_qualtrics(export: Export) -> Export:
    """Read question texts and identifiers from the rows under the headings; say who finished."""
    texts, typed, n_more = _header_rows(export.frame)
    frame = export.frame.iloc[n_more:].reset_index(drop=True)
    if _is_legacy(export.frame):
        frame, texts = _with_legacy_names(frame, texts)
    questions = tuple(
        Question(
            str(name),
            _SELECTED.sub("", texts.get(str(name), str(name))),
            kind="text" if str(name) in typed else "",
        )
        for name in frame
    )
    arrived = replace(export, frame=frame, questions=questions, rows=export.rows[n_more:])
    arrived = _merge_options(replace(arrived, states=_states(frame)))
    return arrived.decide(f"{n_more + 1} row{'s' if n_more else ''} of headings")


def _header_rows(frame: pd.DataFrame) -> tuple[dict[str, str], set[str], int]:
    """Return question texts, columns that are typed into, and how many rows are headings still."""
    texts: dict[str, str] = {}
    typed = {str(name) for name in frame if str(name).endswith("_TEXT")}
    n_more = 0
    for place in range(min(_MOST_HEADER_ROWS - 1, len(frame))):
        row = frame.iloc[place].dropna()
        if len(row) and row.str.contains("ImportId", regex=False).mean() > 0.5:
            n_more = place + 1
            typed |= {str(name) for name, cell in row.items() if '_TEXT"' in str(cell)}
        elif place == n_more and _is_text_row(row):
            texts = {str(name): " ".join(str(cell).split()) for name, cell in row.items()}
            n_more = place + 1
    return texts, typed, n_more


def _is_text_row(row: pd.Series) -> bool:
    """Tell a row of question texts: where a response has a day, it has words."""
    days = {fold(name) for name in facts("qualtrics")["days"]}
    cells = [str(cell) for name, cell in row.items() if fold(str(name)) in days]
    if cells:
        return not any(any(letter.isdigit() for letter in cell) for cell in cells)
    known = {fold(name) for name in facts("qualtrics")["several"]}
    return sum(fold(str(cell)) in known for cell in row) >= _MOST_HEADER_ROWS


def _is_legacy(frame: pd.DataFrame) -> bool:
    return sum(re.fullmatch(r"V\d+", str(name)) is not None for name in frame) >= _MOST_HEADER_ROWS


def _with_legacy_names(
    frame: pd.DataFrame, texts: dict[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Call ``V1``, ``V2``... of older exports by what the second row says they are."""
    known = {fold(name) for name in facts("qualtrics")["several"]}
    names = {name: text for name, text in texts.items() if fold(text) in known}
    return frame.rename(columns=names), {names.get(name, name): t for name, t in texts.items()}


def _states(frame: pd.DataFrame) -> NDArray[np.object_]:
    """Say of each response whether it is complete, partial, a preview or spam."""
    import numpy as np

    said = facts("qualtrics")
    by_name = {fold(str(name)): frame[name] for name in frame}
    status, finished = by_name.get("status"), by_name.get("finished")
    progress = by_name.get("progress")
    states = np.full(len(frame), "complete", dtype=object)
    if finished is not None:
        states[finished.str.casefold().isin(said["unfinished"]).to_numpy()] = "partial"
    elif progress is not None:
        states[(progress.notna() & (progress != "100")).to_numpy()] = "partial"
    if status is not None:
        folded = status.str.casefold()
        states[folded.isin(said["preview"]).to_numpy()] = "preview"
        states[folded.isin(said["spam"]).to_numpy()] = "spam"
    return states


def _merge_options(export: Export) -> Export:
    """Put ``Q2_1``, ``Q2_2``... together where each column is one option of a question."""
    import pandas as pd

    arranged: dict[str, tuple[Question, pd.Series]] = {}
    groups = _option_groups(export)
    for question in export.questions:
        stem = _stem(question)
        if stem not in groups:
            arranged[question.column] = question, export.frame[question.column]
        elif stem not in arranged:
            merged = merge_group(export.frame, groups[stem])
            (first, cells), *_ = merged.values()
            arranged[stem] = replace(first, column=stem), cells
    frame = pd.DataFrame({name: cells for name, (_, cells) in arranged.items()})
    return replace(export, frame=frame, questions=tuple(each for each, _ in arranged.values()))


def _option_groups(export: Export) -> dict[str, Group]:
    """Find columns that share a question and are each one of its options."""
    stems: dict[str, dict[str, str]] = {}
    for question in export.questions:
        if _stem(question):
            stems.setdefault(_stem(question), {})[question.column] = question.text
    groups = {stem: _split_texts(texts) for stem, texts in stems.items() if len(texts) > 1}
    return {
        stem: group
        for stem, group in groups.items()
        if group is not None
        and stem not in export.frame
        and export.frame[list(group.parts)].notna().any(axis=None)
        and len(merge_group(export.frame, group)) == 1
    }


def _split_texts(texts: dict[str, str]) -> Group | None:
    """Split ``Question - Selected Choice - Option`` where the texts begin to differ."""
    shared = min(texts.values(), key=len)
    while not all(text.startswith(shared) for text in texts.values()):
        shared = shared[:-1]
    at = shared.rfind(_DASH)
    if at < 0:
        return None
    parts = {column: text[at + len(_DASH) :] for column, text in texts.items()}
    return Group(_SELECTED.sub("", shared[:at]), parts)


def _stem(question: Question) -> str:
    match = _SPLIT.fullmatch(question.column)
    return match["stem"] if match and not match["more"] else ""
