"""Closed question, several answers in one cell, or free text: told by the answers."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from careerbench.loaders.exports.model import JOINED_BY, closed_words
from careerbench.loaders.privacy import SHOWN_FROM
from careerbench.loaders.schema import fold
from careerbench.periods import parse_year_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?")
_DATE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})([ T]\d{1,2}:\d{2}.*)?")
_LONG, _MANY_WORDS, _CODE = 30, 5, 3
_FEW = 2
_MOST_OPTIONS, _MOST_REPEATED = 40, 0.8


def kind_of_answers(cells: pd.Series, *, too_few: str = "text") -> str:
    """Say what a column holds: ``choice``, ``number``, ``date``, ``text`` or ``empty``.

    A column is free text unless its answers are numbers, days, words of closed questions, or
    mostly repeat each other: where it cannot be told, it is kept apart. ``too_few`` is what two
    strange answers or fewer are taken for.

    Examples
    --------
    >>> import pandas as pd
    >>> kind_of_answers(pd.Series(["Agree", "Disagree", "Agree"]))
    'choice'
    >>> kind_of_answers(pd.Series(["I want to be a vet and help animals", "No idea yet, sorry"]))
    'text'
    """
    counts = cells.dropna().astype("str").value_counts()
    texts, n_answers = [str(text).strip() for text in counts.index], int(counts.sum())
    if not texts:
        return "empty"
    if all(_NUMBER.fullmatch(text) for text in texts):
        return "number"
    if all(_DATE.fullmatch(text) for text in texts):
        return "date"
    if all(_is_closed(text) for text in texts):
        return "choice"
    if _is_prose(texts, n_answers):
        return "text"
    if n_answers <= _FEW:
        return too_few
    different = len(texts) / n_answers
    return (
        "text" if different > 0.5 or (len(texts) > _MOST_OPTIONS and different > 0.05) else "choice"
    )


def split_several(cells: pd.Series, separators: Sequence[str]) -> pd.Series | None:
    """Split cells that hold several answers, and join them one way; None where none does.

    Answers that hold the separator themselves ("Yes, definitely") are told by how seldom their
    parts stand in other answers.

    Examples
    --------
    >>> import pandas as pd
    >>> split_several(pd.Series(["A visit, A talk", "A talk", "A visit"]), [", "]).tolist()
    ['A visit; A talk', 'A talk', 'A visit']
    >>> split_several(pd.Series(["Yes, a lot", "No, never"]), [", "])
    """
    texts = list(cells.dropna().astype("str").unique())
    for separator in separators:
        parts = {text: _parts(text, separator) for text in texts}
        if _ends_so(texts, separator) or _repeat(parts.values()):
            return cells.map(
                lambda text, parts=parts: JOINED_BY.join(parts[str(text)]), na_action="ignore"
            ).astype("str")
    return None


def shown_options(cells: pd.Series, *, several: bool = False) -> tuple[str, ...]:
    """List answers that enough people gave to be shown, most frequent first."""
    counts = cells.dropna().astype("str").value_counts(sort=False)
    total: Counter[str] = Counter()
    for text, n in counts.items():
        for part in str(text).split(JOINED_BY) if several else [str(text)]:
            total[part] += int(n)
    return tuple(text for text, n in total.most_common() if n >= SHOWN_FROM)


def frequent_answers(columns: Sequence[pd.Series]) -> set[str]:
    """Name answers that ten respondents or more gave to some question of a set.

    Answers to one scale are counted together, each respondent once, so that a small school's
    file can be read too.
    """
    import pandas as pd

    if not columns:
        return set()
    given = pd.concat([cells.dropna() for cells in columns])
    once = pd.DataFrame({"who": given.index, "answer": given.astype("str").to_numpy()})
    counts = once.drop_duplicates()["answer"].value_counts()
    return set(counts[counts >= SHOWN_FROM].index)


def _is_closed(text: str) -> bool:
    known = fold(text) in closed_words() or parse_year_group(text) is not None
    return known or len(text) <= _CODE or _NUMBER.fullmatch(text) is not None


def _is_prose(texts: Sequence[str], n_answers: int) -> bool:
    prose = [text for text in texts if len(text) >= _LONG or len(text.split()) >= _MANY_WORDS]
    return len(prose) > 0.2 * len(texts) and len(texts) > 0.5 * n_answers


def _parts(text: str, separator: str) -> list[str]:
    found = [part.strip() for part in text.split(separator)]
    return list(dict.fromkeys(part for part in found if part))


def _ends_so(texts: Sequence[str], separator: str) -> bool:
    """Tell Microsoft's habit: every cell ends with the separator."""
    return bool(texts) and all(text.endswith(separator.strip()) for text in texts)


def _repeat(split: Iterable[Sequence[str]]) -> bool:
    """Tell whether the parts of cells with several are mostly parts of other cells too."""
    cells = list(split)
    seen = Counter(part for parts in cells for part in parts)
    several = [part for parts in cells if len(parts) > 1 for part in parts]
    if not several or len(seen) > _MOST_OPTIONS:
        return False
    return sum(seen[part] > 1 for part in several) >= _MOST_REPEATED * len(several)
