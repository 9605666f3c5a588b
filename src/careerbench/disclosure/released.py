"""``Released``: a table that may be seen, with what was checked and what is promised."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from careerbench.errors import DisclosureError
from careerbench.result import Result, half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from careerbench.disclosure.parse import Policy


class Verdict(IntEnum):
    """What a check found; a greater one is worse."""

    SAFE = 0
    NARROW = 1
    EXACT = 2
    UNSAFE = 3


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict; what nothing checked is unsafe.

    Examples
    --------
    >>> worst([Verdict.SAFE, Verdict.NARROW])
    <Verdict.NARROW: 1>
    >>> worst([])
    <Verdict.UNSAFE: 3>
    """
    return max(verdicts, default=Verdict.UNSAFE)


@dataclass(frozen=True, eq=False)
class Released(Result):
    """A protected table: a row per cell, the count blank where it is hidden.

    Attributes
    ----------
    table : DataFrame
        The dimension columns (``All`` for a margin), the count (a whole number, blank where
        hidden) and its ``_reason``: blank where shown, else the policy's symbol.
    by : tuple of str
        The dimension columns.
    count : str
        The count column.
    policy : Policy
        The policy it was protected under.
    certificate : mapping
        What was checked: numbers of cells shown and hidden, of counts protected, the width that
        remains, what an attacker was taken to know, and the table's fingerprint.
    verdict : Verdict
        ``SAFE`` where the policy's promise was proved; ``UNSAFE`` until something says otherwise.
    answer : str, optional
        The dimension that holds answers.
    """

    by: tuple[str, ...]
    count: str
    policy: Policy
    certificate: Mapping[str, Any] = field(default_factory=dict)
    verdict: Verdict = Verdict.UNSAFE
    answer: str | None = None

    caption: ClassVar[str] = "Released counts"

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is hidden, under which policy, and what that promises."""
        said = self.certificate
        symbol = self.policy.symbols["hidden"]
        source = f"Policy {self.policy.id}: {self.policy.title} ({self.policy.source})."
        if self.policy.method != "suppression":
            return (source, *said["promises"])
        return (
            source,
            f"{said['n_hidden']} of {said['n_cells']} cells are hidden ({symbol}), for their own "
            "sake or for others'.",
            *said["promises"],
            *self.policy.assumptions,
        )

    def with_percentages(self) -> pd.DataFrame:
        """Return the table with whole percentages of each group, where both counts are shown.

        Such a percentage says nothing that the two counts do not. It is blank, with a reason, where
        a count is hidden or the group is below the policy's least denominator; halves round up.
        """
        import pandas as pd

        if self.answer is None:
            raise DisclosureError(
                "with_percentages: the table has no dimension of answers.",
                found=", ".join(self.by),
                hint="protect(..., answer='answer')",
            )
        others = [name for name in self.by if name != self.answer]
        groups = self.table[self.table[self.answer] == "All"]
        if groups.empty:
            raise DisclosureError(
                "with_percentages: the sizes of the groups are not in the table.",
                found=f"no row where {self.answer} is 'All'",
                hint="protect(..., margins=True)",
            )
        why, hidden = f"{self.count}_reason", self.policy.symbols["hidden"]
        sizes = groups.rename(columns={self.count: "_size"})[[*others, "_size"]]
        how: Any = {"on": others, "how": "left"} if others else {"how": "cross"}
        frame = self.table.merge(sizes, **how)
        enough = frame["_size"].ge(self.policy.percentages.least).fillna(False)
        shown = (frame[self.count].notna() & enough).to_numpy(dtype=bool)
        percent = [
            int(half_up(100 * int(value) / int(size))) if is_shown else pd.NA
            for value, size, is_shown in zip(frame[self.count], frame["_size"], shown, strict=True)
        ]
        frame["percent"] = pd.array(percent, dtype="Int64")
        frame["percent_reason"] = frame[why].mask(~shown & (frame[why] == ""), hidden)
        return frame.drop(columns="_size")


def fingerprint(table: pd.DataFrame) -> str:
    """Return the SHA-256 of a released table, written as CSV."""
    return hashlib.sha256(table.to_csv(index=False).encode("utf-8")).hexdigest()
