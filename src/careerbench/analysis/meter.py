"""A meter that counts the comparisons a session has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from careerbench import checks, html
from careerbench.analysis.comparisons import p_values, table_of, tests_of
from careerbench.errors import BadArgumentError, counted
from careerbench.result import Result

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import pandas as pd
    from numpy.typing import NDArray

Found = TypeVar("Found")
_LEVEL = 0.05
_SEEN = ("comparisons", "n_comparisons", "n_tests", "n_below")


class ComparisonMeter:
    """Counts the comparisons that a session has looked at.

    Nothing is counted behind your back: what you pass to :meth:`add` is, and the result comes
    straight back, so that it can stand around any call. As a context manager it is closed at the
    end and takes no more.

    Parameters
    ----------
    level : float, default 0.05
        The level of the tests, a proportion in (0, 1).

    Notes
    -----
    A result counts as many comparisons as it has tests, or, without tests, rows. The same result
    added again is not counted again. The expected number of false alarms is the number of tests
    times the level: what chance alone would give if nothing at all were going on.

    Examples
    --------
    >>> with ComparisonMeter() as meter:
    ...     found = meter.add([0.01, 0.2, 0.7], what="three questions to pupils")
    ...     _ = meter.add(17, what="areas, by eye")
    >>> meter.n_comparisons
    20
    >>> print(meter.in_words())
    20 comparisons looked at. If nothing at all were going on, about 1 of them would still come
    out below 0.05, and the chance of at least one would be up to 64%. Of 3 with a p-value 1 is
    below 0.05.
    """

    def __init__(self, *, level: float = _LEVEL) -> None:
        checks.require_between(level, 0, 1, name="level", step="ComparisonMeter")
        self.level = level
        self._log: list[dict[str, object]] = []
        self._held: list[object] = []
        self._open = True

    def __enter__(self) -> Self:
        """Begin to count."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take no more."""
        self._open = False

    @property
    def n_comparisons(self) -> int:
        """Say how many comparisons were looked at."""
        return sum(int(row["n_comparisons"]) for row in self._log)  # type: ignore[call-overload]

    @property
    def n_expected(self) -> float:
        """Say how many false alarms chance alone would give."""
        return self.level * self.n_comparisons

    def add(self, found: Found, *, what: str | None = None, p: str | None = None) -> Found:
        """Count what was looked at, and hand it back.

        Parameters
        ----------
        found : Result, DataFrame, array of p-values, or int
            A result, its table, p-values, or a number of comparisons made by eye.
        what : str, optional
            What was compared, in words. Default: the caption of the result.
        p : str, optional
            Column with the p-values. Default: the one that the result calls its test.

        Returns
        -------
        The same object.

        Raises
        ------
        BadArgumentError
            If the meter is closed, a number is not a count, or p-values are out of range.
        """
        if not self._open:
            raise BadArgumentError(
                "ComparisonMeter: the meter is closed.",
                found="its with block has ended",
                hint="a new meter, or meter.add inside the block",
            )
        if any(each is found for each in self._held):
            return found
        n, values = _looked_at(found, p)
        said = what or getattr(found, "caption", "") or "comparisons"
        below = int((values < self.level).sum())
        row = (str(said), n, int((~np.isnan(values)).sum()), below)
        self._log.append(dict(zip(_SEEN, row, strict=True)))
        if not isinstance(found, int):
            self._held.append(found)
        return found

    def in_words(self) -> str:
        """Say how many comparisons there were and how many false alarms to expect."""
        n, level = self.n_comparisons, f"{self.level:g}"
        if not n:
            return "No comparison looked at."
        any_at_all = 1 - (1 - self.level) ** n
        n_tests, n_below = (
            sum(int(row[name]) for row in self._log)  # type: ignore[call-overload]
            for name in ("n_tests", "n_below")
        )
        tail = f" Of {n_tests} with a p-value {n_below} {'is' if n_below == 1 else 'are'} below "
        return (
            f"{counted(n, 'comparison')} looked at. If nothing at all were going on, about "
            f"{self.n_expected:.2g} of them would still come out below {level}, and the chance of "
            f"at least one would be up to {any_at_all:.0%}."
            + (f"{tail}{level}." if n_tests else "")
        )

    def to_frame(self) -> pd.DataFrame:
        """List what was looked at: one row for each thing added."""
        import pandas as pd

        return pd.DataFrame(self._log, columns=list(_SEEN))

    def __repr__(self) -> str:
        return f"<ComparisonMeter: {counted(self.n_comparisons, 'comparison')}>"

    def _repr_html_(self) -> str:
        """Show the count in a notebook."""
        return html.element("p", html.text(self.in_words()))


def _looked_at(found: object, p: str | None) -> tuple[int, NDArray[np.float64]]:
    """Say how many comparisons there are, and their p-values where there are any."""
    if isinstance(found, int) and not isinstance(found, bool):
        if found < 0:
            raise BadArgumentError(
                "ComparisonMeter: a number of comparisons is 0 or more.",
                found=str(found),
                hint="meter.add(17, what='areas, by eye')",
            )
        return found, np.empty(0)
    if isinstance(found, Result) and p is None and not tests_of(found):
        return len(found), np.empty(0)
    table, name = table_of(found, p)
    values = p_values(table, name)
    return int((~np.isnan(values)).sum()), values
