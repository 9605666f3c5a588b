"""Answers of pupils, teachers and Careers Leaders to a survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import careerbench.loaders.validate as validate
from careerbench.loaders.audits import is_long, refuse_no_items
from careerbench.loaders.convert import convert_columns
from careerbench.loaders.distinct import key_of
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.intake import Intake, keep_unknown, open_table, with_wave
from careerbench.loaders.wide import ItemColumn, lengthen

if TYPE_CHECKING:
    import os

    import pandas as pd

_FIRST = (
    "respondent", "school_urn", "wave", "year_group", "item", "answer", "answer_reason",
)  # fmt: skip


def load_survey(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    wave: str | None = None,
    on_problem: str = "raise",
) -> pd.DataFrame:
    r"""Load answers to a survey.

    Parameters
    ----------
    path : str or path
        A text file or workbook; long (a column each for item and answer) or wide (one row per
        respondent, one column per item).
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    wave : str, optional
        The wave of every row, for a file that has no column for it.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per respondent, wave and item: ``respondent``, ``school_urn``, ``wave``,
        ``year_group``, ``item``, ``answer`` (a code, as text), ``answer_reason`` (``blank`` where
        there is no answer), then what the file says about the respondent (``sex``, ``fsm``,
        ``role``...).

    Raises
    ------
    MissingColumnsError, ReadError
        If the file lacks a column, two columns mean the same, or it cannot be read.
    TableProblemsError
        If a respondent, school or wave is missing, or a respondent is there twice in a wave or in
        two schools; every row is listed in ``problems``.

    Notes
    -----
    In a wide file every column that the schema does not know is an item. Messages give rows and
    columns, and never what a respondent said.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "survey.csv")
    ...     n_characters = file.write_text("Pupil ID,URN,Sex,q1,q2\np1,900001,F,4,\n")
    ...     survey = load_survey(file, wave="Baseline")
    >>> survey[["respondent", "wave", "item", "answer", "answer_reason", "sex"]]
      respondent      wave item answer answer_reason sex
    0         p1  Baseline   q1      4           NaN   F
    1         p1  Baseline   q2    NaN         blank   F
    """
    intake = open_table(
        path, "survey", step="load_survey", sheet=sheet, on_problem=on_problem, private=True
    )
    intake.require("respondent", "school_urn")
    intake = with_wave(intake, wave)
    if is_long(intake):
        findings = intake.findings
        intake = keep_unknown(intake)
        frame = convert_columns(intake.frame, intake.schema, findings)
        note_duplicates(frame, ["respondent", "wave", "item"], findings, column="respondent")
        _note_two_schools(frame, findings)
    else:
        frame, findings = _from_wide(intake)
    rest = [name for name in frame.columns if name not in _FIRST]
    return validate.settle(frame[[*_FIRST, *rest]], findings, intake.source, on_problem=on_problem)


def _from_wide(intake: Intake) -> tuple[pd.DataFrame, validate.Findings]:
    columns = [ItemColumn(heading, heading) for heading in intake.unknown]
    refuse_no_items(columns, intake)
    frame = convert_columns(intake.frame, intake.schema, intake.findings)
    note_duplicates(frame, ["respondent", "wave"], intake.findings, column="respondent")
    frame, findings = lengthen(frame, columns, intake.findings)
    return frame.assign(answer_reason=validate.blank_reason(frame["answer"])), findings


def _note_two_schools(frame: pd.DataFrame, findings: validate.Findings) -> None:
    """Note rows of a respondent who is in more than one school in one wave."""
    import numpy as np
    import pandas as pd

    person = pd.Series(key_of(frame, ["respondent", "wave"]))
    place = pd.Series(key_of(frame, ["respondent", "wave", "school_urn"]))
    pairs = pd.DataFrame({"person": person, "place": place})[~findings.bad].drop_duplicates()
    moved = pairs["person"][pairs["person"].duplicated()]
    at = np.flatnonzero(person.isin(moved).to_numpy() & ~findings.bad)
    findings.note(
        at,
        "respondent",
        "the respondent is in more than one school in this wave",
        "numbers that are different in every school, such as <URN>-<number>",
    )
