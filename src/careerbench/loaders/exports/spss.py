"""SPSS files: value labels are answers, and user-missing codes say why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.loaders.exports.model import Question, reason_for
from careerbench.loaders.labels import labels_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LabelledTable:
    """Answers in words, with their questions, codes and reasons."""

    frame: pd.DataFrame
    questions: tuple[Question, ...]
    codes: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, pd.Series]
    unclear: tuple[str, ...]


def label_table(frame: pd.DataFrame) -> LabelledTable:
    """Write every answer in words; codes that are user-missing become reasons.

    ``frame`` holds codes as text and carries its labels, as ``read_table`` gives it.
    """
    import pandas as pd

    said = labels_of(frame)
    cells: dict[str, pd.Series] = {}
    questions: list[Question] = []
    codes: dict[str, dict[str, str]] = {}
    reasons: dict[str, pd.Series] = {}
    unclear: list[str] = []
    for name in map(str, frame.columns):
        labels = said.values.get(name, {})  # noqa: PD011
        words = {
            code: word for code, word in _words(labels).items() if not said.is_missing(name, code)
        }
        places, texts = pd.factorize(frame[name].str.strip())
        why = {
            code: reason_for(labels.get(code, "")) for code in texts if said.is_missing(name, code)
        }
        answers = [None if code in why else words.get(code, code) or None for code in texts]
        cells[name] = _spread(answers, places)
        if why:
            given = [(why[code] or "blank") if code in why else None for code in texts]
            reasons[name] = _spread(given, places)
        unclear += [name] if None in why.values() else []
        codes[name] = {word: code for code, word in words.items()}
        question = said.variables.get(name) or name
        questions.append(Question(name, question, tuple(words.values())))
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
