"""A cube of hierarchies in which only some crossings are published is safe as a whole."""

import numpy as np
import pandas as pd
import pytest

from careerbench.disclosure import Dimension, build_cube, load_policy, protect_cells
from careerbench.errors import DisclosureError

GEOGRAPHY = Dimension(("la", "school"))
YEAR = Dimension(("key_stage", "year"))
SEX = Dimension(("sex",))
ANSWER = Dimension(("answer",), answer=True)
PATHS = [("la", "school"), ("key_stage", "year"), ("sex",), ("answer",)]


def one_at_a_time(levels):
    """A school shows one of year and sex at a time; wider areas show both."""
    geography, *others, _ = levels
    return len(geography) < 2 or sum(map(bool, others)) <= 1


def pupils(n_schools, *, seed, mean, per_la=3):
    rng = np.random.default_rng(seed)
    rows = []
    for school in range(n_schools):
        size, share = rng.gamma(2, mean / 2), rng.beta(2, 3)
        for year in ("7", "8", "10"):
            for sex in "FM":
                n = rng.poisson(size)
                yes = rng.binomial(n, share)
                stage = "4" if year == "10" else "3"
                group = (f"L{school // per_la}", f"S{school:03}", stage, year, sex)
                rows += [(*group, "yes", yes), (*group, "no", n - yes)] if n else []
    return pd.DataFrame(rows, columns=["la", "school", "key_stage", "year", "sex", "answer", "n"])


def released(cube, hidden):
    frame = cube.positions.assign(n=pd.array(cube.counts, dtype="Int64"), n_reason="")
    frame.loc[hidden[cube.same], ["n", "n_reason"]] = [pd.NA, "c"]
    return frame[cube.published]


def small(cell, true):
    return true < 10 and (true > 0 or cell["answer"] != "All")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_small_count_is_narrowed_down_published_or_not(attacker, seed):
    base = pupils(6, seed=seed, mean=12)
    dimensions = [GEOGRAPHY, YEAR, SEX, ANSWER]
    cube = build_cube(base, dimensions, policy=load_policy(), publish=one_at_a_time)
    done = protect_cells(cube.cells, width=10)
    assert done.proven.all()
    attack = attacker(released(cube, done.hidden), base, PATHS)
    assert attack.narrow(small, 10) == []


def test_primary_suppression_alone_gives_counts_away(attacker):
    base = pupils(6, seed=1, mean=12)
    cube = build_cube(base, [GEOGRAPHY, YEAR, SEX, ANSWER], policy=load_policy())
    naive = cube.cells.published & cube.cells.sensitive
    assert len(attacker(released(cube, naive), base, PATHS).narrow(small, 10)) > 20


def test_overlapping_hierarchies_are_protected_together(attacker):
    base = pupils(4, seed=4, mean=12).drop(columns=["sex"])
    base = base.groupby(["la", "school", "key_stage", "year", "answer"], as_index=False)["n"].sum()
    base["cohort"] = base["year"].map({"7": "young", "8": "old", "10": "old"})
    year = Dimension(("key_stage", "year"), also=(("cohort",),))
    cube = build_cube(base, [GEOGRAPHY, year, ANSWER], policy=load_policy())
    done = protect_cells(cube.cells, width=10)
    frame = released(cube, done.hidden)
    cohorts = frame[(frame["cohort"] != "All") & (frame["year"] == "All")]
    assert set(cohorts["key_stage"]) == {"All"}
    paths = [("la", "school"), ("key_stage",), ("cohort",), ("year",), ("answer",)]
    attack = attacker(frame, base, paths)
    # the attacker also crosses the two groupings, which are no cells of the cube: left out here
    found = [cell for cell, *_ in attack.narrow(small, 10) if "All" in cell[2:4]]
    assert found == []


def test_waves_are_never_added_up_and_are_protected_apart():
    first, second = (pupils(4, seed=5, mean=15).assign(wave=wave) for wave in ("a", "b"))
    wave = Dimension(("wave",), total=False)
    both = pd.concat([first, second], ignore_index=True)
    cube = build_cube(both, [wave, GEOGRAPHY, YEAR, SEX, ANSWER], policy=load_policy())
    assert "All" not in set(cube.positions.loc[cube.published, "wave"])
    hidden = protect_cells(cube.cells, width=10).hidden
    frame = released(cube, hidden).drop(columns="wave").assign(wave=released(cube, hidden)["wave"])
    a, b = (frame[frame["wave"] == w].drop(columns="wave").reset_index(drop=True) for w in "ab")
    assert a["n_reason"].tolist() == b["n_reason"].tolist()


def test_a_wide_block_is_cut_and_stays_safe(attacker, monkeypatch):
    monkeypatch.setattr("careerbench.disclosure.axes._WIDE", 40)
    base = pupils(9, seed=6, mean=20, per_la=9).drop(columns=["sex", "key_stage"])
    base = base.groupby(["la", "school", "year", "answer"], as_index=False)["n"].sum()
    dimensions = [Dimension(("school",)), Dimension(("year",)), ANSWER]
    flat = base.drop(columns="la")
    cube = build_cube(flat, dimensions, policy=load_policy())
    assert cube.virtual.any()
    assert not cube.published[cube.virtual].any()
    done = protect_cells(cube.cells, width=10)
    attack = attacker(released(cube, done.hidden), flat, [("school",), ("year",), ("answer",)])
    assert attack.narrow(small, 10) == []


def test_a_unit_without_a_rule_is_refused():
    base = pupils(2, seed=1, mean=10)
    with pytest.raises(DisclosureError, match="has no threshold for schools"):
        build_cube(base, [GEOGRAPHY, YEAR, SEX, ANSWER], policy=load_policy("dfe"), unit="schools")
