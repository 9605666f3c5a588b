"""Codes and names of places: their form, that they go together, and what stands for no place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.published.screening.pair import Pair, in_rows, told

if TYPE_CHECKING:
    import pandas as pd


def check_codes(pair: Pair) -> None:
    """Run every check of this file, level by level."""
    for level, facts in load_facts("ees")["levels"].items():
        if "code" in facts and pair.has(facts["code"], facts["name"]):
            _check_special(pair, facts)
            _check_form(pair, facts)
            _check_listed(pair, facts)
            _check_together(pair, level, facts)
    if pair.has("old_la_code", "new_la_code"):
        _check_old_codes(pair)


def check_against(pair: Pair, places: pd.DataFrame) -> None:
    """Check codes and names of every level that ``places`` lists areas of."""
    known = places.dropna(subset=["code", "name"]).astype("str")
    names = known.groupby("code")["name"].agg(set).to_dict()
    kinds = {code[:3] for code in names}
    for facts in load_facts("ees")["levels"].values():
        if "form" not in facts or not pair.has(facts["code"], facts["name"]):
            continue
        for code, name in _combinations(pair, facts).itertuples(index=False, name=None):
            if code[:3] not in kinds or name in names.get(code, ()):
                continue
            mask = (pair.data.frame[facts["code"]] == code) & (
                pair.data.frame[facts["name"]] == name
            )
            right = told(sorted(names[code])) if code in names else "not among the places given"
            _error(pair, facts, f"'{code}' and '{name}'", f"'{code}' is {right}", mask)


def _combinations(pair: Pair, facts: dict) -> pd.DataFrame:
    """List the different pairs of code and name, those that name a place only."""
    code, name = facts["code"], facts["name"]
    both = pair.data.frame[[code, name]].drop_duplicates()
    special = load_facts("ees")["special_codes"]
    return both[(both[code] != "") & ~both[code].isin(special)]


def _error(pair: Pair, facts: dict, problem: str, hint: str, mask: pd.Series) -> None:
    n_rows = int(mask.sum())
    pair.faults.error(
        pair.data.name,
        facts["code"],
        f"invalid combination of {facts['code']} and {facts['name']} {in_rows(n_rows)}: {problem}",
        hint,
        row=pair.data.row_of(mask),
    )


def _check_special(pair: Pair, facts: dict) -> None:
    """Check the codes x and z, which stand for no place, and the names that stand for none."""
    special = load_facts("ees")["special_codes"]
    codes, names = pair.data.frame[facts["code"]], pair.data.frame[facts["name"]]
    for code, allowed in special.items():
        wrong = (codes == code) & ~names.isin(allowed)
        if wrong.any():
            said = f"the code '{code}' with the name {told(names[wrong].unique(), limit=3)}"
            _error(pair, facts, said, f"'{code}' goes with {told(allowed)}", wrong)
    missing = special["x"]
    wrong = names.isin(missing) & (codes != "x")
    if wrong.any():
        said = f"the name 'Not available' with the code {told(codes[wrong].unique(), limit=3)}"
        _error(pair, facts, said, "the code of 'Not available' is 'x'", wrong)


def _check_form(pair: Pair, facts: dict) -> None:
    if "form" not in facts:
        return
    codes = _combinations(pair, facts)[facts["code"]]
    wrong = codes[~codes.str.fullmatch(facts["form"]).astype(bool)].unique()
    if len(wrong):
        mask = pair.data.frame[facts["code"]].isin(wrong)
        said = f"{told(wrong)} is not a {facts['code']}"
        _error(pair, facts, said, "the nine-character code of the area (ONS)", mask)


def _check_listed(pair: Pair, facts: dict) -> None:
    """Check codes and names of countries and regions against their lists."""
    if "listed" not in facts:
        return
    known = load_facts("ees")[facts["listed"]]
    code, name = facts["code"], facts["name"]
    for said, named in _combinations(pair, facts).itertuples(index=False, name=None):
        if known.get(said) == named:
            continue
        mask = (pair.data.frame[code] == said) & (pair.data.frame[name] == named)
        right = [each for each, title in known.items() if title == named]
        hint = f"'{said}' is '{known[said]}'" if said in known else f"one of {told(known)}"
        if right:
            hint += f"; '{named}' is '{right[0]}'"
        _error(pair, facts, f"'{said}' and '{named}'", hint, mask)


def _check_together(pair: Pair, level: str, facts: dict) -> None:
    """Check that, within a year, a code has one name and a name one code.

    Codes change between years and ward names are used twice, so that more cannot be asked
    without a list of every area.
    """
    if level in ("School", "Provider", "Institution", "Planning area"):
        return
    code, name = facts["code"], facts["name"]
    _check_one_to_one(pair, facts, code, name, one_code="one_code" in facts)


def _check_old_codes(pair: Pair) -> None:
    """Check the three-digit codes of local authorities: their form, and one for each authority."""
    facts = load_facts("ees")["levels"]["Local authority"]
    old = pair.data.frame["old_la_code"]
    wrong = ~old.isin(["", "z", "x"]) & ~old.str.fullmatch("[0-9]{3}").astype(bool)
    if wrong.any():
        said = f"{told(old[wrong].unique())} is not an old_la_code"
        _error(pair, facts, said, "three digits", wrong)
    _check_one_to_one(pair, facts, "new_la_code", "old_la_code", one_code=True)


def _check_one_to_one(pair: Pair, facts: dict, code: str, name: str, *, one_code: bool) -> None:
    period = ["time_period"] if pair.has("time_period") else []
    rows = pair.data.frame[[*period, code, name]].drop_duplicates()
    apart = ["", *load_facts("ees")["special_codes"]]
    rows = rows[~rows[code].isin(apart) & ~rows[name].isin(apart)]
    ways = [(code, name), (name, code)] if one_code else [(code, name)]
    for one, other in ways:
        several = rows.groupby([*period, one])[other].nunique()
        for said in several[several > 1].index.get_level_values(one).unique():
            found = rows.loc[rows[one] == said, other].unique()
            mask = pair.data.frame[one] == said
            problem = f"'{said}' has several {other} in one year: {told(found, limit=4)}"
            _error(pair, facts, problem, "look the area up in ONS Open Geography", mask)
