"""A data file and its metadata against the publisher's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.checks import require_columns
from careerbench.loaders.published.screening.codes import check_against, check_codes
from careerbench.loaders.published.screening.columns import check_columns
from careerbench.loaders.published.screening.files import check_names, read_sheet
from careerbench.loaders.published.screening.metadata import check_metadata
from careerbench.loaders.published.screening.pair import Faults, Pair
from careerbench.loaders.published.screening.places import check_places
from careerbench.loaders.published.screening.times import check_times
from careerbench.loaders.published.screening.values import check_values
from careerbench.loaders.read import ReadOptions, read_grid

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.problems import Problems

_CHECKS = (check_columns, check_metadata, check_times, check_places, check_codes, check_values)


def screen_ees(
    data_path: str | os.PathLike[str],
    meta_path: str | os.PathLike[str] | None = None,
    *,
    places: pd.DataFrame | None = None,
) -> Problems:
    r"""Check a data file and its metadata against the rules of Explore Education Statistics.

    Parameters
    ----------
    data_path : str or path
        The data file, ``<name>.csv``.
    meta_path : str or path, optional
        Its metadata; ``<name>.meta.csv`` beside it if not given.
    places : DataFrame, optional
        Codes and names of areas to check against, in columns ``code`` and ``name``: wards,
        constituencies or districts from ONS Open Geography for example.

    Returns
    -------
    Problems
        One row per fault: ``error`` for what the publisher refuses, ``warning`` for what it asks
        to be looked at. ``row`` is the first row that shows the fault; the text says how many do.
        A file with ``n_errors`` of 0 is ready to be uploaded.

    Raises
    ------
    ReadError
        If there is no data file.
    MissingColumnsError
        If ``places`` lacks ``code`` or ``name``.

    Notes
    -----
    All checks run, so that one pass shows every fault: names and pairing of the files; separator,
    empty rows and columns; mandatory columns; the metadata's names, types, labels, units, decimal
    places, hints and groups; each file against the other; time periods and identifiers;
    geographic levels, codes and names; filters, indicators and symbols; rows that stand twice.
    Rules follow the analysts' guide [1]_ and the department's screener [2]_, which reports some of
    them as warnings only. Codes and names of countries and regions are checked against their
    lists, other areas against ``places``. Without it they are checked by the form of their code,
    and by a code having one name within a year: a wrong name that no other row contradicts goes
    unseen.

    References
    ----------
    .. [1] Department for Education, Analysts' guide, open data standards,
       https://dfe-analytical-services.github.io/analysts-guide/statistics-production/ud.html
    .. [2] Department for Education, eesyscreener,
       https://dfe-analytical-services.github.io/eesyscreener/

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "my data.csv")
    ...     n_characters = file.write_text("time_period,geographic_level\n201921,National\n")
    ...     faults = screen_ees(file)
    >>> faults.to_frame()["problem"].tolist()[0]
    'the file name has spaces'
    >>> faults.to_frame()["hint"].tolist()[1]
    '<name>.csv and <name>.meta.csv, in one folder'
    """
    if places is not None:
        hint = "a look-up of ONS Open Geography with its columns renamed"
        require_columns(places.columns, ["code", "name"], step="screen_ees", hint=hint)
    data, faults = Path(data_path), Faults()
    if not data.is_file():
        read_grid(data, ReadOptions())  # says what is there instead
    meta = data.with_name(f"{data.stem}.meta.csv") if meta_path is None else Path(meta_path)
    check_names(data.name, meta.name if meta.is_file() else None, faults)
    if not meta.is_file():
        faults.error(
            meta.name,
            "",
            f"the naming convention is not kept: there is no metadata file '{meta.name}'",
            "<name>.csv and <name>.meta.csv, in one folder",
        )
        read_sheet(data, faults)
        return faults.to_problems()
    sheets = [read_sheet(each, faults) for each in (data, meta)]
    if sheets[0] is not None and sheets[1] is not None:
        pair = Pair(sheets[0], sheets[1], faults)
        for check in _CHECKS:
            check(pair)
        if places is not None:
            check_against(pair, places)
    return faults.to_problems()
