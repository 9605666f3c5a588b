"""The log of careers activities that schools delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import careerbench.loaders.validate as validate
from careerbench.loaders.convert import convert_columns
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.intake import keep_unknown, open_table

if TYPE_CHECKING:
    import os

    import pandas as pd


def load_activities(path: str | os.PathLike[str], *, on_problem: str = "raise") -> pd.DataFrame:
    r"""Load a log of activities.

    Parameters
    ----------
    path : str or path
        A text file or workbook with at least ``school_urn`` and ``activity``.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per activity and year group: ``school_urn``, ``wave`` (where the file has it),
        ``activity_date``, ``year_group`` (missing: the whole school), ``activity``, ``benchmark``
        (where the file has it), ``n_pupils`` and ``hours``. The date and the two numbers each have
        a ``_reason`` column: ``blank``, ``not_in_file``, what a symbol means, or missing where
        there is a value. Other columns follow as text.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file lacks a column or cannot be read.
    TableProblemsError
        If a URN or kind is missing or malformed, or a date, number or year group cannot be read.

    Notes
    -----
    An activity without a date, and a row that stands twice, are warnings.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "activities.csv")
    ...     header = "URN,Date,Year group,Activity,Pupils,Hours"
    ...     n_characters = file.write_text(f"{header}\n900001,01/03/2021,Y4,visit,28,\n")
    ...     activities = load_activities(file)
    >>> activities[["activity_date", "year_group", "n_pupils", "hours", "hours_reason"]]
      activity_date year_group  n_pupils  hours hours_reason
    0    2021-03-01          4        28   <NA>        blank
    """
    intake = open_table(path, "activities", step="load_activities", on_problem=on_problem)
    intake.require("school_urn", "activity")
    intake = keep_unknown(intake)
    frame = convert_columns(intake.frame, intake.schema, intake.findings)
    validate.note_dateless(frame, "activity_date", intake.findings)
    note_duplicates(
        frame, list(frame.columns), intake.findings, column="activity", severity="warning"
    )
    return validate.settle(frame, intake.findings, intake.source, on_problem=on_problem)
