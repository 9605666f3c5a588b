"""What it costs to meet a criterion or an item, checked for completeness."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING

from careerbench.checks import require_one_of
from careerbench.errors import BadArgumentError, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.frameworks import Framework

UNITS = ("criterion", "item")


@dataclass(frozen=True)
class Prices:
    """A price per criterion, for all of it, and one per item; exact decimals."""

    criteria: Mapping[str, Decimal]
    items: Mapping[str, Decimal]


def prices_of(
    costs: Mapping[str, float] | None,
    framework: Framework,
    *,
    smallest: str,
    items_known: bool,
    step: str,
) -> Prices:
    """Read the costs; without any, each criterion (or each item) costs 1.

    Raises
    ------
    BadArgumentError
        If a name is not known, a cost is no number from 0, or a criterion has no price: neither
        its own nor one for each of its scored items; or has both.
    """
    require_one_of(smallest, UNITS, name="smallest", step=step)
    criteria = {part.id: part for one in framework.benchmarks for part in one.criteria}
    if smallest == "item" and not items_known:
        raise BadArgumentError(
            f"{step}: a table of criteria does not say which items are met.",
            found="smallest='item'",
            hint=f"{step}(audits, framework, smallest='item')",
        )
    if costs is None:
        one, nothing = Decimal(1), Decimal(0)
        by_criterion = smallest == "criterion"
        return Prices(
            dict.fromkeys(criteria, one) if by_criterion else {},
            dict.fromkeys(framework.items, nothing if by_criterion else one),
        )
    if not hasattr(costs, "items"):
        raise BadArgumentError(
            f"{step}: costs must name what they are for.",
            found=type(costs).__name__,
            hint="costs={'p2.parents': 250.0, ...}",
        )
    exact = {str(name): _exact(name, cost, step) for name, cost in costs.items()}
    strange = [name for name in exact if name not in criteria and name not in framework.items]
    if strange:
        raise BadArgumentError(
            f"{step}: costs name {len(strange)} that are no criterion or item.",
            found=quoted(strange),
            hint=f"'{strange[0]}': {did_you_mean(strange[0], [*criteria, *framework.items])}",
        )
    _check_complete(exact, framework, items_known=items_known, step=step)
    own = {name: cost for name, cost in exact.items() if name in criteria}
    zero = {item.id: Decimal(0) for name in own for item in criteria[name].items}
    return Prices(own, zero | {name: exact[name] for name in exact if name not in own})


def _check_complete(
    exact: Mapping[str, Decimal], framework: Framework, *, items_known: bool, step: str
) -> None:
    """Refuse a criterion with two prices or none."""
    twice, without = [], []
    for benchmark in framework.benchmarks:
        for criterion in benchmark.criteria:
            scored = [
                item.id for item in criterion.items if item.scored and item.id != criterion.id
            ]
            priced = [name for name in scored if name in exact]
            own = criterion.id in exact
            if own and priced:
                twice.append(criterion.id)
            if not own and (not items_known or len(priced) < len(scored) or not scored):
                without.append(criterion.id)
    for names, what in ((twice, "have a price and so have items of theirs"),
                        (without, "have no price")):  # fmt: skip
        if names:
            raise BadArgumentError(
                f"{step}: {len(names)} criteria {what}.",
                found=quoted(names),
                hint="a price for each criterion, or one for each of its scored items",
            )


def _exact(name: object, cost: object, step: str) -> Decimal:
    """Read a cost exactly as it is written."""
    is_number = isinstance(cost, Real | Decimal) and not isinstance(cost, bool)
    if not is_number or not math.isfinite(cost) or cost < 0:  # type: ignore[arg-type,operator]
        raise BadArgumentError(
            f"{step}: the cost of '{name}' must be a number from 0.", found=repr(cost), hint="250.0"
        )
    return Decimal(str(cost if isinstance(cost, Decimal | int) else float(cost)))  # type: ignore[arg-type]
