"""How old a reader must be for a sentence: the Flesch-Kincaid grade plus five."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z']+|\d+")
_END = re.compile(r"[.!?]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_GRADE_TO_AGE = 5


def reading_age(text: str) -> float:
    """Return the reading age of a text in years.

    Parameters
    ----------
    text : str
        At least one word.

    Notes
    -----
    The grade is 0.39 words a sentence plus 11.8 syllables a word less 15.59 [1]_; a grade of a US
    school is taken as an age by adding five. Syllables are groups of vowels, a silent final e
    not counted; a number counts as one word of one syllable a digit. It is a rough guide: it knows
    nothing of what words mean.

    References
    ----------
    .. [1] Kincaid, J. P., Fishburne, R. P., Rogers, R. L. and Chissom, B. S. (1975). Derivation of
       new readability formulas. Research Branch Report 8-75, Naval Technical Training Command.

    Examples
    --------
    >>> round(reading_age("The cat sat on the mat."), 2)
    3.55
    """
    words = _WORD.findall(text)
    n_sentences = max(1, len(_END.findall(text)))
    n_syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / n_sentences + 11.8 * n_syllables / len(words) - 15.59
    return grade + _GRADE_TO_AGE


def _syllables(word: str) -> int:
    if word.isdigit():
        return len(word)
    low = word.lower()
    silent = low.endswith("e") and not low.endswith("le") and len(_VOWELS.findall(low)) > 1
    return max(1, len(_VOWELS.findall(low)) - silent)
