"""Answers of pupils, teachers and Careers Leaders to a survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import careerbench.loaders.validate as validate
from careerbench.loaders.audits import is_long, refuse_no_items
from careerbench.loaders.convert import convert_columns
from careerbench.loaders.distinct import key_of
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.exports.apply import free_text_rows, survey_rows
from careerbench.loaders.exports.respondents import MappedFile
from careerbench.loaders.intake import Intake, keep_unknown, open_table, with_wave
from careerbench.loaders.privacy_intake import without_private
from careerbench.loaders.privacy_key import find_study_key
from careerbench.loaders.wide import ItemColumn, lengthen

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    import pandas as pd

    from careerbench.frameworks import SurveyScale
    from careerbench.loaders.exports.mapping import SurveyMapping
    from careerbench.loaders.privacy_key import StudyKey

_FIRST = (
    "respondent", "school_urn", "wave", "year_group", "item", "answer", "answer_reason",
)  # fmt: skip


def load_survey(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    wave: str | None = None,
    mapping: SurveyMapping | str | os.PathLike[str] | None = None,
    key: StudyKey | str | os.PathLike[str] | None = None,
    keep_personal: Collection[str] = (),
    on_problem: str = "raise",
) -> pd.DataFrame:
    r"""Load answers to a survey.

    Parameters
    ----------
    path : str or path
        A text file or workbook; long (a column each for item and answer) or wide (one row per
        respondent, one column per item). With ``mapping``: what ``read_export`` reads.
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    wave : str, optional
        The wave of every row, for a file that has no column for it.
    mapping : SurveyMapping or path, optional
        How a survey tool's export becomes survey rows: which column is which item, which answer
        which code. ``careerbench map`` writes a draft.
    key : StudyKey or path, optional
        The key with which unique pupil numbers are replaced; the file that the environment
        variable ``CAREERBENCH_KEY_FILE`` names if not given.
    keep_personal : collection of str
        Headings to keep, as columns that describe the respondent, although they say who somebody
        is or hold free text.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per respondent, wave and item: ``respondent``, ``school_urn``, ``wave``,
        ``year_group``, ``item``, ``answer`` (a code, as text), ``answer_reason`` (why there is
        none: ``blank``; with a mapping also ``not_asked``, ``not_applicable``, ``dont_know``,
        ``refused``, ``suppressed``, ``unreliable``), then what the file says about the respondent
        (``sex``, ``fsm``, ``role``...). A unique pupil number is replaced by a keyed hash.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file lacks a column, two columns mean the same, it cannot be read, or does not fit
        its mapping; every column that does not is listed, with what was probably meant.
    TableProblemsError
        If a respondent, school or wave is missing, a unique pupil number is not sound, an answer
        is not known, or a respondent is there twice in a wave or in two schools; every row is
        listed in ``problems``.
    BadArgumentError
        If there are unique pupil numbers and no key.

    Notes
    -----
    In a wide file every column that the schema does not know is an item, except columns that say
    who somebody is (names, e-mail and IP addresses, telephone numbers, dates of birth...), which
    are dropped, and free text, which is kept apart: ``load_free_text`` reads it. Messages give
    rows and columns, and never what a respondent said, unless ten of them said it.

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
    step = "load_survey"
    if mapping is not None:
        options = {"wave": wave, "sheet": sheet, "key": key, "keep_personal": keep_personal}
        file = MappedFile.of(path, mapping, on_problem=on_problem, **options)
        return survey_rows(file, step=step)
    intake = open_table(path, "survey", step=step, sheet=sheet, on_problem=on_problem, private=True)
    intake = without_private(intake, keep_personal, find_study_key(key))
    intake.require("respondent", "school_urn")
    intake = with_wave(intake, wave)
    if is_long(intake):
        findings = intake.findings
        intake = keep_unknown(intake)
        frame = convert_columns(intake.frame, intake.schema, findings)
        note_duplicates(frame, ["respondent", "wave", "item"], findings, column="respondent")
        _note_two_schools(frame, findings)
    else:
        frame, findings = _from_wide(intake, keep_personal)
    rest = [name for name in frame.columns if name not in _FIRST]
    return validate.settle(frame[[*_FIRST, *rest]], findings, intake.source, on_problem=on_problem)


def load_free_text(
    path: str | os.PathLike[str],
    *,
    mapping: SurveyMapping | str | os.PathLike[str],
    sheet: str | None = None,
    wave: str | None = None,
    key: StudyKey | str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """Load what respondents wrote in their own words.

    Parameters
    ----------
    path : str or path
        The survey tool's export.
    mapping : SurveyMapping or path
        Names the columns of free text (``free_text = [...]``) and those that say who answered.
    sheet, wave, key
        As for ``load_survey``.

    Returns
    -------
    DataFrame
        One row per respondent and question answered: ``respondent`` (the same as in
        ``load_survey``), ``school_urn``, ``wave``, ``year_group``, ``question``, ``text``.
        Questions left blank have no row.

    Raises
    ------
    MissingColumnsError, ReadError, TableProblemsError, BadArgumentError
        As for ``load_survey``.

    Notes
    -----
    Pupils write names of people into free text. It never stands among item rows, and is not to
    be shown to anyone unread.
    """
    options = {"wave": wave, "sheet": sheet, "key": key}
    return free_text_rows(MappedFile.of(path, mapping, **options), step="load_free_text")


def explain_missing(responses: pd.DataFrame, *, scale: SurveyScale) -> pd.DataFrame:
    """Turn answers that a scale counts as none into the reason why there is none.

    Parameters
    ----------
    responses : DataFrame
        One row per respondent and item: ``item``, ``answer`` (a code or label), ``answer_reason``
        and, where known, ``year_group``.
    scale : SurveyScale
        Says which answers are none and why, and which year groups an item is put to.

    Returns
    -------
    DataFrame
        The same rows; items of other scales are left as they are. ``answer`` is missing wherever
        ``answer_reason`` says why: ``dont_know``, ``refused``... as the scale declares, and
        ``not_asked`` where the item is not put to the year group and there is no answer.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_scale
    >>> rows = pd.DataFrame({"item": ["pu_jobs", "pu_plan"], "answer": ["Don't know", None]})
    >>> rows = rows.assign(answer_reason=[None, "blank"], year_group="1")
    >>> explain_missing(rows, scale=load_scale("pupil-careers"))["answer_reason"].tolist()
    ['dont_know', 'not_asked']
    """
    words = {
        word: reason for word, code in scale.lookup.items() if (reason := scale.reason_of(code))
    }
    mine = responses["item"].isin(list(scale.item_ids))
    said = responses["answer"].astype("str").str.strip().str.casefold()
    given = said.map(words).where(mine)
    reasons = responses["answer_reason"].astype("str").where(given.isna(), given).astype("str")
    answers = responses["answer"].astype("str").mask(given.notna())
    if "year_group" in responses:
        years = {item.id: item.year_groups for item in scale.items if item.year_groups}
        strange = mine & False
        for item, asked in years.items():
            strange |= (responses["item"] == item) & ~responses["year_group"].isin(asked)
        unasked = strange & responses["year_group"].notna() & answers.isna()
        reasons = reasons.mask(unasked & (reasons == "blank"), "not_asked")
    return responses.assign(answer=answers, answer_reason=reasons)


def _from_wide(intake: Intake, kept: Collection[str]) -> tuple[pd.DataFrame, validate.Findings]:
    headings = [heading for heading in intake.unknown if heading not in kept]
    columns = [ItemColumn(heading, heading) for heading in headings]
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
