"""``Policy``: what must not be seen, and what an attacker is taken to know."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.disclosure.parse import parse_policy
from careerbench.errors import DisclosureError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import pandas as pd

    from careerbench.disclosure.parse import Policy

_LARGEST = 200_000


def list_policies() -> pd.DataFrame:
    """List the policies that come with careerbench.

    Returns
    -------
    DataFrame
        One row per policy: ``policy`` (the name to load it by), ``title``, ``method``,
        ``pupils``, ``respondents``, ``schools`` (a count below this is hidden; blank where the
        source has no rule for the unit), ``width`` (what must remain uncertain) and ``source``.

    Examples
    --------
    >>> list_policies()["policy"].tolist()
    ['cell-key', 'default', 'dfe', 'ons-10', 'rounding-10', 'sports', 'ukllc']
    """
    import pandas as pd

    units = ("pupils", "respondents", "schools")
    rows = [
        {
            "policy": policy.id,
            "title": policy.title,
            "method": policy.method,
            **{unit: policy.threshold.get(unit) for unit in units},
            "width": policy.width,
            "source": str(policy.source),
        }
        for policy in _shipped().values()
    ]
    frame = pd.DataFrame(rows).sort_values("policy", ignore_index=True)
    return frame.astype(dict.fromkeys(units, "Int64"))


def load_policy(name_or_path: str | Path = "default", *, threshold: int | None = None) -> Policy:
    """Load a disclosure policy by name or from a TOML file of your own.

    Parameters
    ----------
    name_or_path : str or Path, default "default"
        A name from ``list_policies()``, or the path of a ``.toml`` file.
    threshold : int, optional
        Another threshold for pupils and respondents; width and least denominators follow it.

    Raises
    ------
    DisclosureError
        If the name is not known or the file is not sound (every fault is listed).

    Notes
    -----
    A policy says what is hidden, how much uncertainty must remain and what an attacker is taken
    to know. It makes no promise by itself: ``protect`` does.

    Examples
    --------
    >>> load_policy("dfe").threshold["pupils"]
    6
    >>> load_policy(threshold=11)
    <Policy default: fewer than 11 pupils, width 11>
    """
    policy = _found(name_or_path)
    if threshold is None:
        return policy
    if isinstance(threshold, bool) or not isinstance(threshold, int) or threshold < 2:
        raise DisclosureError(
            "load_policy: threshold must be a whole number of 2 or more.",
            found=repr(threshold),
            hint="threshold=10; 6 and 11 are the usual others",
        )
    people = dict.fromkeys(("pupils", "respondents"), threshold)
    return replace(
        policy,
        threshold={**policy.threshold, **people},
        width=threshold,
        percentages=replace(policy.percentages, least=threshold),
        means=replace(policy.means, least=threshold),
    )


def _found(name_or_path: str | Path) -> Policy:
    if isinstance(name_or_path, Path) or str(name_or_path).casefold().endswith(".toml"):
        path = Path(name_or_path)
        return parse_policy(_read(path), name=path.name)
    policies = _shipped()
    if str(name_or_path) not in policies:
        raise DisclosureError(
            f"load_policy: there is no policy '{name_or_path}'.",
            found=f"'{name_or_path}'",
            hint=f"{did_you_mean(name_or_path, policies)} or the path of your own .toml file",
        )
    return policies[str(name_or_path)]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise DisclosureError(
                f"load_policy: '{path.name}' is too large for a policy.",
                found=f"{path.stat().st_size:,} bytes",
                hint=f"at most {_LARGEST:,} bytes",
            )
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DisclosureError(
            f"load_policy: '{path.name}' is not sound TOML.",
            found=str(error),
            hint="mend the file at that line",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DisclosureError(
            f"load_policy: '{path.name}' cannot be read.",
            found=getattr(error, "strerror", None) or "bytes that are not UTF-8 text",
            hint="the path of a UTF-8 .toml file",
        ) from error


@cache
def _shipped() -> dict[str, Policy]:
    inside = (files("careerbench.disclosure") / "policies").iterdir()
    read = [
        parse_policy(tomllib.loads(file.read_text(encoding="utf-8")), name=file.name)
        for file in sorted(inside, key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]
    return {policy.id: policy for policy in read}
