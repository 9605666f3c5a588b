"""NEET and participation scorecards of local authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import MissingColumnsError, quoted
from careerbench.loaders.intake import open_table
from careerbench.loaders.published.ees import read_open_data
from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    import os

    import pandas as pd


def load_neet(path: str | os.PathLike[str], *, on_problem: str = "raise") -> pd.DataFrame:
    """Load a NEET and participation scorecard of the Department for Education.

    Parameters
    ----------
    path : str or path
        The scorecard's data file, of any year.
    on_problem : {"raise", "quarantine"}
        Refuse a file with cells that cannot be used, or go on without their rows.

    Returns
    -------
    DataFrame
        One row per year, area (the nation, a region or a local authority) and age group (``age``,
        text). Indicators are numbers in the unit of the file: cohorts in young people, shares in
        percent (0 to 100), annual changes in percentage points and often below 0, quintiles 1 to
        5. Each has a ``_reason`` beside it: ``not_applicable`` (z), ``suppressed`` (c) or
        ``blank``. Names are those of the file in snake_case; which there are differs by year.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file has no time period or no column about NEET, or cannot be read.
    TableProblemsError
        If an indicator's cell is neither a number nor a known symbol.

    Notes
    -----
    Published by DfE, "NEET and participation LA scorecard" (Open Government Licence v3.0). NEET is
    not in education, employment or training; most columns count young people whose activity is
    not known with them.
    """
    intake = open_table(path, "ees", step="load_neet", on_problem=on_problem)
    intake.require("time_period", "geographic_level")
    if not any("neet" in fold(name) for name in intake.unknown):
        raise MissingColumnsError(
            f"load_neet: '{intake.findings.file}' has no column about NEET.",
            found=quoted(intake.unknown),
            hint="load_ees for other open data",
        )
    return read_open_data(intake, None, on_problem=on_problem)
