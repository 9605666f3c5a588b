"""Answers to a benchmark audit, per school and wave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import careerbench.loaders.validate as validate
from careerbench.errors import MissingColumnsError, quoted
from careerbench.loaders.convert import convert_columns
from careerbench.loaders.distinct import key_of
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.grid import uncoded
from careerbench.loaders.intake import Intake, keep_unknown, open_table, with_wave
from careerbench.loaders.judged import Judge
from careerbench.loaders.wide import ItemColumn, lengthen, refuse_same_item, split_heading

if TYPE_CHECKING:
    import os

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.frameworks.model import Framework

NOT_ASKED = "not_asked"
_FIRST = (
    "school_urn", "wave", "audit_date", "item", "answer", "answer_reason", "year_group",
)  # fmt: skip


def load_audits(
    path: str | os.PathLike[str],
    *,
    framework: Framework | None = None,
    sheet: str | None = None,
    wave: str | None = None,
    on_problem: str = "raise",
) -> pd.DataFrame:
    r"""Load schools' answers to a benchmark audit.

    Parameters
    ----------
    path : str or path
        A text file or workbook; long (a column each for item and answer) or wide (one column per
        item). In a wide file an item asked by year group has one column per year group, headed
        ``<item> (Year 3)``, ``<item>_y3``, ``<item>[3]`` or ``<item> (Reception)``.
    framework : Framework, optional
        If given, items (by id or text) and answers (by code or label) must be the framework's,
        and answers become its codes.
    sheet : str, optional
        Name of a workbook's sheet; the first that holds anything if not given.
    wave : str, optional
        The wave of every row, for a file that has no column for it.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per school, wave and item, and year group where an item is asked by year group:
        ``school_urn``, ``wave``, ``audit_date``, ``item``, ``answer``, ``answer_reason``
        (``blank`` where there is no answer), ``year_group`` (missing: the whole school). Other
        columns follow as text. Blank answers are rows like any other.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file lacks a column, two columns mean the same, or it cannot be read.
    TableProblemsError
        If a URN, wave, date, year group, item or answer cannot be used, or an item is answered
        twice; every row is listed in ``problems``.

    Notes
    -----
    A missing audit date, and two dates for a school in one wave, are warnings:
    see ``problems_of(frame)``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "audits.csv")
    ...     rows = "URN,Date,b1_1,b1_2 (Year 3)\n900001,01/09/2020,yes,\n"
    ...     n_characters = file.write_text(rows)
    ...     audits = load_audits(file, wave="Baseline")
    >>> audits[["school_urn", "item", "year_group", "answer", "answer_reason"]]
      school_urn  item year_group answer answer_reason
    0     900001  b1_1        NaN    yes           NaN
    1     900001  b1_2          3    NaN     not_asked
    """
    step = "load_audits"
    intake = open_table(path, "audits", step=step, sheet=sheet, on_problem=on_problem, coded=True)
    intake.require("school_urn")
    intake = with_wave(intake, wave)
    judge = Judge.of(framework)
    if is_long(intake):
        intake = keep_unknown(intake)
        frame, findings = convert_columns(intake.frame, intake.schema, intake.findings), None
    else:
        intake = replace(intake, frame=uncoded(intake.frame))
        frame, findings = _from_wide(intake, judge)
    findings = findings or intake.findings
    frame = judge.check(frame, findings)
    validate.note_dateless(frame, "audit_date", findings)
    where = "item" if findings.cells is None else "school_urn"
    note_duplicates(frame, intake.schema.key, findings, column=where)
    _note_two_dates(frame, findings)
    rest = [name for name in frame.columns if name not in _FIRST]
    return validate.settle(frame[[*_FIRST, *rest]], findings, intake.source, on_problem=on_problem)


def is_long(intake: Intake) -> bool:
    """Tell a long table, which has a column for items and one for answers, from a wide one."""
    present = [name for name in ("item", "answer") if name in intake.frame]
    if len(present) == 1:
        intake.require("item", "answer")
    return bool(present)


def _from_wide(intake: Intake, judge: Judge) -> tuple[pd.DataFrame, validate.Findings]:
    columns = [
        judge.name_column(split_heading(heading, is_item=judge.knows)) for heading in intake.unknown
    ]
    refuse_no_items(columns, intake)
    refuse_same_item(columns, step=intake.findings.step, file=intake.findings.file)
    frame = convert_columns(intake.frame, intake.schema, intake.findings)
    frame, findings = lengthen(frame, columns, intake.findings)
    reason = validate.blank_reason(frame["answer"])
    return frame.assign(answer_reason=_not_asked(frame, len(columns), reason)), findings


def _not_asked(frame: pd.DataFrame, n_columns: int, reason: pd.Series) -> pd.Series:
    """Tell a year group that was not asked from one that left an answer blank.

    A wide row has a cell for every year group, those included that the school does not teach: a
    year group without any answer in its row was not asked.
    """
    import numpy as np

    by_year = frame["year_group"].notna()
    row = np.arange(len(frame)) // n_columns
    answered = frame["answer"].notna().groupby([row, frame["year_group"]]).transform("any")
    silent = by_year & ~answered.where(by_year, other=True).astype(bool)
    return reason.mask(silent, NOT_ASKED)


def refuse_no_items(columns: list[ItemColumn], intake: Intake) -> None:
    """Refuse a table that has neither a column for items nor columns that are items."""
    if not columns:
        raise MissingColumnsError(
            f"{intake.findings.step}: '{intake.findings.file}' has no column for an item.",
            found=quoted(intake.findings.headings.values()),
            hint="columns item and answer, or one column per item",
        )


def _note_two_dates(frame: pd.DataFrame, findings: validate.Findings) -> None:
    """Warn where a school has more than one audit date in a wave."""
    import numpy as np

    school_wave = key_of(frame, ["school_urn", "wave"])
    dates = key_of(frame, ["audit_date"])
    if _is_settled(school_wave, dates):
        return
    names = ["school_urn", "wave", "audit_date"]
    dated = uncoded(frame[names]).drop_duplicates().dropna()
    again = dated[dated.duplicated(names[:2])].index.to_numpy(np.intp)
    findings.note(
        again,
        "audit_date",
        "the school has an earlier row with another audit_date in the same wave",
        "fine if it was audited twice: the latest audit of a wave counts",
        severity="warning",
    )


def _is_settled(school_wave: NDArray[np.int64], dates: NDArray[np.int64]) -> bool:
    """Tell quickly that every school has one date in each wave; False where in doubt."""
    import numpy as np

    n_keys = int(school_wave.max(initial=0)) + 1
    if n_keys > 10 * len(dates) + 1000 or not dates.all():
        return False
    one = np.zeros(n_keys, np.int64)
    one[school_wave] = dates
    return bool((one[school_wave] == dates).all())
