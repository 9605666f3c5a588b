"""``Labels``: what a statistics program says about its variables, kept beside the codes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

LABELS = "careerbench_labels"


@dataclass(frozen=True)
class Labels:
    """Labels and declared missing values of an SPSS, Stata or SAS file.

    Attributes
    ----------
    variables : mapping of str to str
        Column to its label, usually the question asked.
    values : mapping of str to mapping of str to str
        Column to its codes, as they stand in the table, and what each means.
    missing : mapping of str to tuple of tuple of str
        Column to the ranges (lowest and highest code, alike for a single one) that the file
        declares missing. Such codes stay in the table.

    Examples
    --------
    >>> labels = Labels(values={"sex": {"1": "Female"}}, missing={"sex": (("8", "9"),)})
    >>> labels.is_missing("sex", "9"), labels.is_missing("sex", "1")
    (True, False)
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def is_missing(self, column: str, code: str) -> bool:
        """Tell whether the file declares a code missing."""
        return any(_within(code, *ends) for ends in self.missing.get(column, ()))

    def to_json(self) -> str:
        """Write the labels as text that survives files and frame attributes."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, said: str) -> Self:
        """Read what ``to_json`` wrote."""
        facts = json.loads(said)
        missing = {
            name: tuple((low, high) for low, high in ranges)
            for name, ranges in facts["missing"].items()
        }
        return cls(facts["variables"], facts["values"], missing)


def labels_of(frame: pd.DataFrame) -> Labels:
    """Return the labels that came with a table from SPSS, Stata or SAS.

    Parameters
    ----------
    frame : DataFrame
        What ``read_table`` returned.

    Returns
    -------
    Labels
        Labels of variables and values, and the codes declared missing.

    Raises
    ------
    BadArgumentError
        If the frame carries none: other files have none, and joins can lose them.
    """
    if LABELS not in frame.attrs:
        raise BadArgumentError(
            "labels_of: the frame carries no labels.",
            found=f"a frame of {len(frame)} rows",
            hint="a frame as read_table returned it from an SPSS, Stata or SAS file",
        )
    return Labels.from_json(frame.attrs[LABELS])


def _within(code: str, low: str, high: str) -> bool:
    if code in (low, high):
        return True
    try:
        return float(low) <= float(code) <= float(high)
    except ValueError:
        return False
