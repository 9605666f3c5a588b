"""Every error raised on purpose, in one shape of message: what, found, try."""

import re
from collections.abc import Iterable

_SHOWN = 12
_ALIKE = 60
_LONG_WORD = re.compile(r"(\S{80})\S{120,}")


class CareerBenchError(Exception):
    """Something careerbench refuses, with what was found and what to try.

    The message cuts words of 200 characters and more; the parts are kept as they are.

    Parameters
    ----------
    problem : str
        What is wrong and where, in one sentence.
    found : str, optional
        What was there instead.
    hint : str, optional
        What to try.

    Examples
    --------
    >>> print(CareerBenchError("share: 1.2 is not a proportion.", found="1.2", hint="0.95"))
    share: 1.2 is not a proportion.
      found: 1.2
      try:   0.95
    """

    def __init__(self, problem: str, *, found: str | None = None, hint: str | None = None) -> None:
        self.problem, self.found, self.hint = problem, found, hint
        lines = [problem]
        if found is not None:
            lines.append(f"  found: {found}")
        if hint is not None:
            lines.append(f"  try:   {hint}")
        whole = _LONG_WORD.sub(r"\1...", "\n".join(lines))
        super().__init__(whole.encode("utf-8", "backslashreplace").decode("utf-8"))

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the three parts, so that the error survives a trip between processes."""
        return _rebuild, (type(self), self.problem, self.found, self.hint)


class BadArgumentError(CareerBenchError, ValueError):
    """An argument has a value that cannot be used."""


class MissingColumnsError(CareerBenchError, KeyError):
    """A table lacks columns that a step needs."""

    __str__ = Exception.__str__


class ReadError(CareerBenchError, ValueError):
    """A file cannot be opened or does not hold what was asked for."""


class TableProblemsError(CareerBenchError, ValueError):
    """A table holds rows that cannot be used; every one is listed."""


class FrameworkError(CareerBenchError, ValueError):
    """A framework or survey scale is not known or not sound."""


class StudyError(CareerBenchError, ValueError):
    """A study folder does not open as one thing."""


class DisclosureError(CareerBenchError, ValueError):
    """A policy is not known or not sound, or a table cannot be made safe as asked."""


def _rebuild(
    kind: type[CareerBenchError], problem: str, found: str | None, hint: str | None
) -> CareerBenchError:
    return kind(problem, found=found, hint=hint)


def quoted(values: Iterable[object], *, limit: int = _SHOWN) -> str:
    """Join values in quotes for a message, at most ``limit`` of them.

    Examples
    --------
    >>> quoted(["a", "b", "c"], limit=2)
    "'a', 'b' and 1 more"
    """
    names = [f"'{value}'" for value in values]
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown or "nothing"


def counted(number: int, word: str) -> str:
    """Say a count with its word.

    Examples
    --------
    >>> counted(1, "school"), counted(12000, "row")
    ('1 school', '12,000 rows')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def closest(word: object, known: Iterable[object]) -> str | None:
    """Return the known word that looks most like ``word``, or None.

    Examples
    --------
    >>> closest("basline", ["baseline", "year 1"])
    'baseline'
    """
    from rapidfuzz import fuzz  # here, so that importing careerbench stays cheap

    said = str(word).casefold()
    scores = [(fuzz.ratio(said, str(name).casefold()), str(name)) for name in known]
    score, near = max(scores, default=(0.0, ""))
    return near if score >= _ALIKE else None


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """Say which known word was probably meant, or list what there is.

    Examples
    --------
    >>> did_you_mean("basline", ["baseline", "year 1"])
    "did you mean 'baseline'?"
    >>> did_you_mean("x", ["baseline", "year 1"])
    "one of 'baseline', 'year 1'"
    """
    names = [str(name) for name in known]
    near = closest(word, names)
    return f"did you mean '{near}'?" if near else f"one of {quoted(names)}"
