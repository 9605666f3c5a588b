"""SPSS files: value labels are answers, and user-missing codes say why there is none."""

from __future__ import annotations

import warnings as python_warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from careerbench.errors import ReadError
from careerbench.loaders.exports.model import Question, reason_for
from careerbench.loaders.workbook import show_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SavFile:
    """What a ``.sav`` holds: bare codes, and what they mean.

    Attributes
    ----------
    frame : DataFrame
        One row per case, values as the file has them.
    texts : mapping of str to str
        Each variable's label.
    labels : mapping of str to mapping
        Each variable's codes and their labels.
    missing : mapping of str to list
        Each variable's user-missing codes, as ranges with ``lo`` and ``hi``.
    """

    frame: pd.DataFrame
    texts: Mapping[str, str]
    labels: Mapping[str, Mapping[Any, str]]
    missing: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, eq=False)
class LabelledTable:
    """Answers in words, with their questions, codes and reasons."""

    frame: pd.DataFrame
    questions: tuple[Question, ...]
    codes: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, pd.Series]
    unclear: tuple[str, ...]


def read_sav(path: Path) -> SavFile:
    """Read an SPSS file with its labels and user-missing codes.

    The one place that knows pyreadstat: give ``SavFile`` another way and the rest stays.
    """
    import pyreadstat

    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            if path.suffix.casefold() == ".por":  # a portable file keeps no user-missing codes
                frame, said = pyreadstat.read_por(str(path))
            else:
                frame, said = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError) as error:
        raise ReadError(
            f"read_export: '{path.name}' is not a whole SPSS file.",
            found=type(error).__name__,
            hint="fetch or save it again as .sav; or export it as CSV with labels",
        ) from None
    texts = {name: label or name for name, label in said.column_names_to_labels.items()}
    return SavFile(frame, texts, said.variable_value_labels, dict(said.missing_ranges))


def label_table(sav: SavFile) -> LabelledTable:
    """Write every answer in words; codes that are user-missing become reasons."""
    import pandas as pd

    cells: dict[str, pd.Series] = {}
    questions: list[Question] = []
    codes: dict[str, dict[str, str]] = {}
    reasons: dict[str, pd.Series] = {}
    unclear: list[str] = []
    for name in map(str, sav.frame.columns):
        ranges = sav.missing.get(name, ())
        labels = {show_cell(code): str(label) for code, label in sav.labels.get(name, {}).items()}
        words = {
            code: word for code, word in _words(labels).items() if not _in_ranges(code, ranges)
        }
        places, given = pd.factorize(sav.frame[name])
        texts = [show_cell(value).strip() for value in given]
        why = {code: reason_for(labels.get(code, "")) for code in texts if _in_ranges(code, ranges)}
        said = [None if code in why else words.get(code, code) or None for code in texts]
        cells[name] = _spread(said, places)
        if why:
            reasons[name] = _spread(
                [(why[c] or "blank") if c in why else None for c in texts], places
            )
        unclear += [name] if None in why.values() else []
        codes[name] = {word: code for code, word in words.items()}
        questions.append(Question(name, sav.texts.get(name, name), tuple(words.values())))
    return LabelledTable(pd.DataFrame(cells), tuple(questions), codes, reasons, tuple(unclear))


def _spread(per_value: Sequence[str | None], places: NDArray[np.intp]) -> pd.Series:
    """Lay one text per different value out over the rows; a blank row is missing."""
    import pandas as pd

    return pd.Series(pd.array([*per_value, None], dtype="str").take(places))


def _words(labels: Mapping[str, str]) -> dict[str, str]:
    """Give each code its label; codes that share one keep their code beside it."""
    said = list(labels.values())
    return {
        code: f"{label} ({code})" if said.count(label) > 1 else label.strip() or code
        for code, label in labels.items()
    }


def _in_ranges(code: str, ranges: Sequence[Any]) -> bool:
    for each in ranges:
        low, high = each["lo"], each["hi"]
        try:
            inside = float(low) <= float(code) <= float(high)
        except ValueError:
            inside = code == str(low).strip() or code == str(high).strip()
        if inside:
            return True
    return False
