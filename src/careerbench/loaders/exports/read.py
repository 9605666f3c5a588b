"""Open a survey tool's export: find its kind, arrange its columns, drop what is personal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import careerbench.loaders.privacy as privacy
from careerbench import checks
from careerbench.errors import BadArgumentError, ReadError, quoted
from careerbench.loaders.exports import closed, spss
from careerbench.loaders.exports.detect import detect_kind, is_metadata
from careerbench.loaders.exports.model import (
    CLOSED,
    KINDS,
    STATES,
    Export,
    Question,
    facts,
    questions_from_json,
    questions_to_json,
)
from careerbench.loaders.exports.qualtrics import arrange_qualtrics
from careerbench.loaders.exports.surveymonkey import arrange_surveymonkey
from careerbench.loaders.labels import LABELS
from careerbench.loaders.privacy_key import StudyKey, find_study_key, require_study_key
from careerbench.loaders.privacy_upn import hash_upns, looks_like_upn
from careerbench.loaders.problems import PROBLEMS, Problems, count
from careerbench.loaders.read import SOURCE, ReadOptions, read_grid, read_table, source_of
from careerbench.loaders.shape import Wishes
from careerbench.provenance import Source

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    import pandas as pd

QUESTIONS = "careerbench_questions"
_SPSS = (".sav", ".zsav", ".por")
_APART = STATES[1:]


def read_export(
    path: str | os.PathLike[str],
    kind: str | None = None,
    *,
    sheet: str | None = None,
    include: Collection[str] = (),
    keep_personal: Collection[str] = (),
    key: StudyKey | str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    r"""Read a survey tool's export, one question to a column.

    Parameters
    ----------
    path : str or path
        What Google Forms, Microsoft Forms, SurveyMonkey or Qualtrics exports, an SPSS ``.sav``, or
        a plain table of answers.
    kind : str, optional
        ``google_forms``, ``microsoft_forms``, ``surveymonkey``, ``qualtrics``, ``spss`` or
        ``table``; found from the file if not given, and ``source_of(frame)`` says why.
    sheet : str, optional
        Name of a workbook's sheet.
    include : collection of {"partial", "preview", "spam"}
        Responses that are otherwise kept apart: not finished, made while the survey was tried
        out, or marked as spam. How many there are is always said.
    keep_personal : collection of str
        Columns to keep although they say who somebody is, or hold free text.
    key : StudyKey or path, optional
        The key with which unique pupil numbers are replaced; the file that the environment
        variable ``CAREERBENCH_KEY_FILE`` names if not given.

    Returns
    -------
    DataFrame
        One row per response, one column per question that has set answers, all text; several
        answers to one question are joined by ``"; "``. Where the file itself says why an answer
        is missing (user-missing codes), a ``_reason`` column stands beside it. Where responses
        were kept apart, or included, ``response_state`` says which is what. ``questions_of``
        lists every column of the file with its words, also those that were dropped.

    Raises
    ------
    ReadError
        If the file cannot be read, or is a REDCap data dictionary.
    BadArgumentError
        If ``kind``, ``include`` or ``keep_personal`` is unknown, or there are unique pupil numbers
        and no key.

    Notes
    -----
    Free text is left out, because pupils write names into it: ``load_free_text`` reads it. Columns
    of names, e-mail and IP addresses, telephone numbers, addresses, coordinates and dates of birth
    are dropped. A column that cannot be told from free text counts as such.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "form.csv")
    ...     rows = "Timestamp,Your name,I like jobs\n2024/05/01,Al,Yes\n2024/05/01,Bo,No\n"
    ...     n_characters = file.write_text(rows)
    ...     answers = read_export(file)
    >>> answers
        Timestamp I like jobs
    0  2024/05/01         Yes
    1  2024/05/01          No
    >>> questions_of(answers)[["column", "kind"]].values.tolist()
    [['Timestamp', 'metadata'], ['Your name', 'personal'], ['I like jobs', 'choice']]
    """
    step = "read_export"
    export = set_apart(open_export(path, kind, step=step, sheet=sheet), include, step=step)
    privacy.require_known(keep_personal, export.frame.columns, step=step)
    export = _without_private(export, keep_personal, find_study_key(key), step=step)
    return _signed(export)


def questions_of(frame: pd.DataFrame) -> pd.DataFrame:
    """List the questions of an export.

    Parameters
    ----------
    frame : DataFrame
        What ``read_export`` returned.

    Returns
    -------
    DataFrame
        One row per column of the file: ``column``, ``question`` (its words), ``kind``
        (``choice``, ``multiple``, ``number``, ``date``, ``text``, ``metadata``, ``personal``,
        ``upn``, ``empty``), ``options`` (the answers that the file offers or ten people gave,
        joined by ``" | "``), ``n_options`` and ``in_frame`` (whether the column was kept).

    Raises
    ------
    BadArgumentError
        If the frame does not carry its questions; joins can lose them.
    """
    import pandas as pd

    if QUESTIONS not in frame.attrs:
        raise BadArgumentError(
            "questions_of: the frame does not say which questions it answers.",
            found=f"a frame of {len(frame)} rows",
            hint="a frame as loaders.read_export returned it, before joins",
        )
    asked = questions_from_json(frame.attrs[QUESTIONS])
    return pd.DataFrame(
        {
            "column": [each.column for each in asked],
            "question": [each.text for each in asked],
            "kind": [each.kind for each in asked],
            "options": [" | ".join(each.options) for each in asked],
            "n_options": [len(each.options) for each in asked],
            "in_frame": [each.column in frame for each in asked],
        }
    )


def open_export(
    path: str | os.PathLike[str], kind: str | None, *, step: str, sheet: str | None = None
) -> Export:
    """Open a file and arrange it; nothing is dropped yet."""
    if kind is not None:
        checks.require_one_of(kind, KINDS, name="kind", step=step)
    file = Path(path)
    if kind == "spss" or (kind is None and file.suffix.casefold() in _SPSS):
        return _classified(_open_spss(file))
    return _classified(_open_text(file, kind, step=step, sheet=sheet))


def set_apart(export: Export, include: Collection[str], *, step: str) -> Export:
    """Keep responses apart that are no whole answers of real respondents, and count them."""
    import numpy as np

    wanted = [include] if isinstance(include, str) else list(include)
    for each in wanted:
        checks.require_one_of(each, _APART, name="include", step=step)
    apart = {state: int((export.states == state).sum()) for state in _APART}
    done = {state: "included, as asked" if state in wanted else "kept apart" for state in apart}
    said = [f"{count(n, f'{state} response')} {done[state]}" for state, n in apart.items() if n]
    kept = np.isin(export.states, ["complete", *wanted])
    left = tuple(
        f'{count(n, f"{state} response")} kept apart; include=["{state}"] takes them in'
        for state, n in apart.items()
        if n and state not in wanted
    )
    export = replace(export.decide(*said), warnings=(*export.warnings, *left))
    return export if kept.all() else export.take(kept)


def _open_spss(file: Path) -> Export:
    import numpy as np

    read = read_table(file)
    if LABELS not in read.attrs:
        raise ReadError(
            f"read_export: '{file.name}' is no SPSS file, whatever its name says.",
            found="a table without labels",
            hint="fetch or save it again as .sav; or give it the ending of what it is",
        )
    source, table = source_of(read), spss.label_table(read)
    n_rows = len(table.frame)
    said = ["SPSS: variable labels are questions, value labels answers"]
    n_coded = sum(int(why.notna().sum()) for why in table.reasons.values())
    if n_coded:
        said.append(f"{count(n_coded, 'user-missing answer')} read as reasons")
    unclear: tuple[str, ...] = ()
    if table.unclear:
        unclear = (
            f"user-missing codes without a label that says why, read as blank, in "
            f"{quoted(table.unclear, limit=5)}",
        )
    return Export(
        kind="spss",
        frame=table.frame,
        questions=table.questions,
        rows=np.arange(1, n_rows + 1),
        source=source,
        states=np.full(n_rows, "complete", dtype=object),
        reasons=table.reasons,
        codes=table.codes,
        warnings=unclear,
    ).decide(*said, *unclear)


def _fingerprint(file: Path) -> tuple[bytes, Source]:
    import hashlib

    try:
        body = file.read_bytes()
    except OSError as error:
        raise ReadError(
            f"read_export: '{file.name}' cannot be opened.",
            found=error.strerror or type(error).__name__,
            hint="check the path, and where the notebook runs",
        ) from None
    return body[:4], Source(file.name, sha256=hashlib.sha256(body).hexdigest())


def _open_text(file: Path, kind: str | None, *, step: str, sheet: str | None) -> Export:
    import numpy as np

    # A survey tool's headings stand in the first row; a second row of them has blanks in it.
    grid, source = read_grid(file, ReadOptions(sheet=sheet, wishes=Wishes(header_row=1), trim=True))
    _refuse_no_headings(grid.frame, step=step, file=source.title)
    found, why = detect_kind(grid.frame, step=step, file=source.title)
    kind, why = (kind, f"{facts(kind)['title']}, as asked") if kind else (found, why)
    frame = grid.frame.reset_index(drop=True)
    rows = grid.frame.index.to_numpy(dtype=np.int64) + grid.header_row + 1
    questions = tuple(Question(str(name), str(name)) for name in frame)
    states = np.full(len(frame), "complete", dtype=object)
    export = Export(kind, frame, questions, rows, source, states).decide(why)
    if kind == "surveymonkey":
        export = arrange_surveymonkey(export)
    elif kind == "qualtrics":
        export = arrange_qualtrics(export)
    blank = export.frame.isna().all(axis=1).to_numpy()
    if blank.any() and not blank.all():
        n_blank = count(int(blank.sum()), "blank row")
        export = export.take(~blank).decide(f"{n_blank} passed over")
    if not len(export.frame):
        raise ReadError(
            f"{step}: '{source.title}' holds headings and no responses.",
            found="0 responses",
            hint="export it again once there are answers",
        )
    return export


def _refuse_no_headings(frame: pd.DataFrame, *, step: str, file: str) -> None:
    """Refuse a file whose first row is a response: its headings would be somebody's."""
    hidden = [name for name in map(str, frame.columns) if privacy.show_heading(name) != name]
    if hidden:
        raise ReadError(
            f"{step}: '{file}' has no row of headings.",
            found=f"a first row in which {count(len(hidden), 'cell')} looks personal",
            hint="export it again with the questions in the first row",
        )


def _classified(export: Export) -> Export:
    """Say of every column what it holds; put several answers of one cell in one shape."""
    texts = {each.column: each.text for each in export.questions}
    offered = {each.column for each in export.questions if each.options}
    personal = privacy.find_personal(export.frame, texts=texts, closed=offered)
    frame = export.frame
    questions: list[Question] = []
    changed: dict[str, pd.Series] = {}
    for question in export.questions:
        kind, cells = _kind(question, frame[question.column], export.kind, personal)
        if cells is not None:
            changed[question.column] = cells
        options = question.options
        if kind in CLOSED and kind not in {"number", "date"} and not options:
            shown = frame[question.column] if cells is None else cells
            options = closed.shown_options(shown, several=kind == "multiple")
        questions.append(replace(question, kind=kind, options=options))
    return replace(export, frame=frame.assign(**changed), questions=tuple(questions))


def _kind(
    question: Question, cells: pd.Series, tool: str, personal: dict[str, str]
) -> tuple[str, pd.Series | None]:
    if question.column in personal:
        return ("upn" if personal[question.column] == privacy.UPN else "personal"), None
    if is_metadata(question.column, tool):
        return "metadata", None
    if question.kind or question.options:
        return question.kind or "choice", None
    several = closed.split_several(cells, facts(tool).get("separators", ()))
    return ("multiple", several) if several is not None else (closed.kind_of_answers(cells), None)


def _without_private(
    export: Export, kept: Collection[str], key: StudyKey | None, *, step: str
) -> Export:
    """Leave personal columns and free text out, and replace unique pupil numbers."""
    texts = {each.column: each.text for each in export.questions}
    found = privacy.find_personal(export.frame[export.of_kind("personal")], texts=texts)
    dropped = {name: kind for name, kind in found.items() if name not in kept}
    free = [name for name in export.of_kind("text") if name not in kept]
    said = [privacy.say_dropped(dropped)] if dropped else []
    if free:
        said.append(f"free text kept apart: {quoted(map(privacy.show_heading, free))}")
    frame = export.frame
    upns = export.of_kind("upn")
    if upns:
        key = require_study_key(key, step=step, file=export.source.title, columns=quoted(upns))
        strange = {name: ~_are_upns(frame[name]) & frame[name].notna() for name in upns}
        hashed = {name: hash_upns(frame[name], key).mask(strange[name]) for name in upns}
        frame = frame.assign(**hashed)
        said += [
            f"{count(int(bad.sum()), 'cell')} of '{privacy.show_heading(name)}' that hold no pupil "
            "number left out"
            for name, bad in strange.items()
            if bad.any()
        ]
        said.append(f"unique pupil numbers replaced with key {key.fingerprint}: {quoted(upns)}")
    return replace(export, frame=frame.drop(columns=[*dropped, *free])).decide(*said)


def _are_upns(cells: pd.Series) -> pd.Series:
    return cells.map(lambda text: looks_like_upn(str(text)), na_action="ignore").eq(other=True)


def _signed(export: Export) -> pd.DataFrame:
    """Put reasons beside their columns, and let the frame say where it came from."""
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    if export.kind == "qualtrics":
        columns["response_state"] = pd.Series(export.states, dtype="str")
    for name in export.frame:
        columns[str(name)] = export.frame[name]
        if name in export.reasons:
            columns[f"{name}_reason"] = export.reasons[str(name)]
    frame = pd.DataFrame(columns)
    frame.attrs = {
        SOURCE: export.source.to_json(),
        PROBLEMS: warnings_of(export).to_json(),
        QUESTIONS: questions_to_json(export.questions),
    }
    return frame


def warnings_of(export: Export) -> Problems:
    """Put what is worth knowing about an export into a record."""
    n = len(export.warnings)
    return Problems.of(
        {
            "file": [export.source.title] * n,
            "row": [None] * n,
            "column": [None] * n,
            "severity": ["warning"] * n,
            "problem": list(export.warnings),
            "hint": [""] * n,
        }
    )
