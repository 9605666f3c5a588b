"""Beside R's GaussSuppression on the same table; what it hid is kept with the call that made it.

The R packages are not needed here: references_gauss.R says how its two files came about. Its input
is ``reference_table().to_csv("references_gauss_input.csv", index=False)``.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from careerbench import disclosure
from careerbench.disclosure.problem import Problem

HERE = Path(__file__).parent
NAMES = ["region", "la", "school", "year", "answer", "n"]


def reference_table(seed=20_250_905, n_schools=70, n_las=8, n_regions=2):
    """Counts of some 216 answers a school: 1,944 cells with every margin, some 340 of them small."""
    rng = np.random.default_rng(seed)
    rows = []
    for school in range(n_schools):
        la = school * n_las // n_schools
        where = (f"R{la * n_regions // n_las}", f"L{la}", f"S{school:02}")
        size, share = rng.gamma(2.5, 216 / 2.5), rng.beta(2.2, 2.6)
        for year in range(7, 14):
            for answer, part in (("yes", share), ("no", 1 - share)):
                rows.append((*where, f"y{year:02}", answer, int(rng.poisson(size * part / 7))))
    return pd.DataFrame(rows, columns=NAMES)


@pytest.fixture(scope="module")
def table():
    return reference_table()


@pytest.fixture(scope="module")
def runs():
    return pd.read_csv(HERE / "references_gauss_runs.csv", index_col="run")


@pytest.fixture(scope="module")
def cube(table):
    dimensions = [disclosure.Dimension(("region", "la", "school")), disclosure.Dimension(("year",)),
                  disclosure.Dimension(("answer",), answer=True)]  # fmt: skip
    return disclosure.build_cube(table, dimensions, policy=disclosure.load_policy())


@pytest.fixture(scope="module")
def ours(cube):
    return disclosure.protect_cells(cube.cells, width=10).hidden[cube.same]


def theirs(cube, run):
    """Look up what a run of GaussSuppression hid."""
    hidden = pd.read_csv(HERE / "references_gauss_hidden.csv").query("run == @run")
    places = cube.positions[["region", "la", "school"]].replace("All", None)
    node = places["school"].fillna(places["la"]).fillna(places["region"]).fillna("All")
    cells = cube.positions.assign(school=node)[["school", "year", "answer"]]
    found = cells.merge(hidden.replace("Total", "All"), how="left", indicator=True)
    assert (found["_merge"] == "both").sum() == len(hidden)
    return (found["_merge"] == "both").to_numpy()


def n_narrow(cube, hidden):
    """Count the small counts that tables which fit all that is shown do not move by the width."""
    cells = cube.cells
    flags = np.zeros(len(cells), dtype=bool)
    flags[cube.same[hidden]] = True
    published, small = np.flatnonzero(cells.published), np.flatnonzero(cells.sensitive)
    return int((~Problem(cells, published, small, 10.0).look(flags)).sum())


def test_the_table_is_the_one_that_r_was_given(table):
    kept = pd.read_csv(HERE / "references_gauss_input.csv")
    assert kept[NAMES].equals(table.astype(kept.dtypes.to_dict()))


def test_all_found_the_same_small_counts(cube, runs):
    own = int(cube.cells.sensitive[cube.same].sum())
    assert (len(cube.positions), own) == (1944, 433)
    assert runs[["n_cells", "n_primary"]].to_numpy().tolist() == [[1944, 433]] * 2


def test_ours_leaves_nothing_narrow_and_hides_no_more_than_theirs_where_theirs_aims_at_that(
    cube, ours, runs
):
    assert n_narrow(cube, ours) == 0
    assert ours.sum() <= runs.loc["rangeMin", "n_hidden"]


def test_elimination_alone_leaves_counts_narrow(cube, runs):
    hidden = theirs(cube, "default")
    assert hidden.sum() == runs.loc["default", "n_hidden"]
    assert n_narrow(cube, hidden) > 0


def test_their_ranges_hold(cube, runs):
    hidden = theirs(cube, "rangeMin")
    assert hidden.sum() == runs.loc["rangeMin", "n_hidden"]
    assert n_narrow(cube, hidden) == 0
