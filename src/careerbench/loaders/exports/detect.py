"""Which survey tool a file came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.exports.model import facts, known
from careerbench.loaders.schema import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_ENOUGH = 3
_DICTIONARY = {"variablefieldname", "fieldtype", "choicescalculationsorsliderlabels"}


def detect_kind(frame: pd.DataFrame, *, step: str, file: str) -> tuple[str, str]:
    """Find the survey tool by headings and first row; say why.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(columns=["Timestamp", "Which year are you in?"])
    >>> detect_kind(table, step="read_export", file="a.csv")
    ('google_forms', "Google Forms: the first column is 'Timestamp'")
    """
    headings = [str(name) for name in frame.columns]
    folded = {fold(name) for name in headings}
    refuse_dictionary(folded, step=step, file=file)
    first_row = [str(cell) for cell in frame.iloc[0].dropna()] if len(frame) else []
    if headings and fold(headings[0]) in map(fold, facts("surveymonkey")["first"]):
        return "surveymonkey", f"SurveyMonkey: the first column is '{headings[0]}'"
    for each in (headings, first_row):
        if _n_known(each, facts("qualtrics")["several"]) >= _ENOUGH:
            return "qualtrics", "Qualtrics: it has StartDate, Finished, ResponseId and the like"
    if {fold(name) for name in facts("microsoft_forms")["all"]} <= folded:
        return "microsoft_forms", "Microsoft Forms: it has Start time and Completion time"
    if headings and fold(headings[0]) in map(fold, facts("google_forms")["first"]):
        return "google_forms", f"Google Forms: the first column is '{headings[0]}'"
    return "table", "a plain table: no survey tool's columns in it"


def refuse_dictionary(folded: Iterable[str], *, step: str, file: str) -> None:
    """Refuse a REDCap data dictionary, which holds questions and no answers."""
    if set(folded) >= _DICTIONARY:
        raise ReadError(
            f"{step}: '{file}' is a REDCap data dictionary: questions, and no answers.",
            found="columns 'Variable / Field Name', 'Field Type', ...",
            hint="loaders.load_redcap_dictionary(path)",
        )


def is_metadata(heading: str, kind: str) -> bool:
    """Tell whether a column is the survey tool's own and no question."""
    said = known()[kind]
    begins = tuple(said.get("metadata_begins", ()))
    return fold(heading) in map(fold, said.get("metadata", ())) or (
        bool(begins) and heading.startswith(begins)
    )


def _n_known(headings: Sequence[str], names: Sequence[str]) -> int:
    return len({fold(name) for name in names} & {fold(name) for name in headings})
