"""What is released keeps its promise against an attacker who was written separately."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careerbench import disclosure
from careerbench.errors import BadArgumentError, DisclosureError, TableProblemsError

COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 14), st.integers(0, 60))
SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_small(threshold, answer=None):
    """Counts of an answer from 0, sizes of groups from 1."""

    def check(cell, true):
        counts_answer = answer is None or cell[answer] != "All"
        return true < threshold and (true > 0 or counts_answer)

    return check


def crossed(sizes, counts):
    names = [f"d{number}" for number in range(len(sizes))]
    index = pd.MultiIndex.from_product([[f"{n}{v}" for v in range(size)] for n, size in zip(names, sizes, strict=True)], names=names)  # fmt: skip
    return index.to_frame(index=False).assign(n=counts[: len(index)])


def possible(table, answer):
    """Finest cells of groups with somebody in them."""
    others = [name for name in table.columns if name not in {"n", answer}]
    return table[table.groupby(others)["n"].transform("sum") > 0]


@SLOW
@given(st.data())
def test_no_small_count_of_a_random_table_is_narrowed_down(attacker, data):
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    table = crossed(sizes, data.draw(st.lists(COUNTS, min_size=27, max_size=27)))
    threshold = data.draw(st.sampled_from([3, 5, 10]))
    names = list(table.columns[:-1])
    policy = disclosure.load_policy(threshold=threshold)
    released = disclosure.protect(table, by=names, margins=True, policy=policy).to_frame()
    filled = table[
        np.logical_and.reduce([table.groupby(n)["n"].transform("sum") > 0 for n in names])
    ]
    if len(filled):
        attack = attacker(released, filled, names)
        assert attack.narrow(is_small(threshold), threshold) == []
        assert attack.differences(threshold) == []


@SLOW
@given(st.data())
def test_no_small_count_of_a_random_hierarchy_is_narrowed_down(attacker, data):
    n_las, n_schools = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    rows = [
        (f"L{la}", f"S{la}{school}", year, answer, data.draw(COUNTS))
        for la in range(n_las) for school in range(n_schools)
        for year in ("7", "8") for answer in ("yes", "no")
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["la", "school", "year", "answer", "n"])
    paths = [("la", "school"), "year", "answer"]
    released = disclosure.protect(table, by=paths, answer="answer", margins=True).to_frame()
    inner = possible(table, "answer")
    if len(inner):
        attack = attacker(released, inner, paths, answer="answer")
        assert attack.narrow(is_small(10, "answer"), 10) == []


@SLOW
@given(st.lists(COUNTS, min_size=12, max_size=12))
def test_zeros_that_are_always_shown_do_not_help_an_attacker(attacker, tmp_path_factory, counts):
    path = tmp_path_factory.mktemp("policy") / "shown.toml"
    path.write_text(POLICY.replace("zeros_sensitive = true", "zeros_sensitive = false").replace(
        "zeros_always_shown = false", "zeros_always_shown = true"))  # fmt: skip
    table = crossed([2, 3, 2], counts)
    table = table[
        np.logical_and.reduce(
            [table.groupby(n)["n"].transform("sum") > 0 for n in ("d0", "d1", "d2")]
        )
    ]
    if table.empty:
        return
    released = disclosure.protect(table, by=["d0", "d1", "d2"], margins=True, policy=path)
    frame = released.to_frame()
    assert frame.loc[frame["n"].isna()].shape[0] == released.certificate["n_hidden"]
    zeros = frame.merge(table[table["n"] == 0], on=["d0", "d1", "d2"])
    assert (zeros["n_x"] == 0).all()
    attack = attacker(frame, table, ["d0", "d1", "d2"], at_least=1)
    assert attack.narrow(lambda _, true: 0 < true < 5, 5) == []


POLICY = """
id = "own"
title = "Fewer than 5"
zeros_sensitive = true
zeros_always_shown = false
width = 5
[threshold]
pupils = 5
[percentages]
least = 5
decimals = 0
[means]
least = 5
decimals = 1
[source]
title = "A test"
"""


@pytest.fixture
def schools():
    rng = np.random.default_rng(7)
    rows = [
        (f"L{school // 3}", f"S{school}", str(year), sex, answer, int(rng.poisson(12)))
        for school in range(6) for year in (7, 8, 9) for sex in "FM" for answer in ("yes", "no")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["la", "school", "year", "sex", "answer", "n"])


BY = [("la", "school"), "year", "sex", "answer"]


def test_a_four_way_table_with_every_margin_is_safe_and_most_of_it_is_shown(schools, attacker):
    released = disclosure.protect(schools, by=BY, answer="answer", margins=True)
    frame = released.to_frame()
    attack = attacker(frame, possible(schools, "answer"), BY, answer="answer")
    assert attack.narrow(is_small(10, "answer"), 10) == []
    assert frame["n"].isna().mean() < 0.4
    assert released.verdict is disclosure.Verdict.SAFE


def test_what_is_shown_is_true_and_nothing_hidden_is_in_the_table(schools):
    frame = disclosure.protect(schools, by=BY, answer="answer", margins=True).to_frame()
    shown = frame.dropna(subset="n")
    inner = shown[(shown[["school", "year", "sex", "answer"]] != "All").all(axis=1)]
    assert inner.merge(schools, on=list(schools.columns[:-1]))[["n_x", "n_y"]].diff(axis=1)["n_y"].eq(0).all()  # fmt: skip
    assert set(frame.loc[frame["n"].isna(), "n_reason"]) == {"c"}
    assert (shown["n_reason"] == "").all()
    assert shown["n"].ge(10).all()


def test_one_small_count_takes_a_partner_with_it_in_both_directions():
    table = pd.DataFrame({"school": list("AABB"), "sex": list("FMFM"), "n": [4, 30, 20, 25]})
    frame = disclosure.protect(table, by=["school", "sex"], margins=True).to_frame()
    assert frame.loc[frame["n_reason"] == "c", ["school", "sex"]].to_numpy().tolist() == [
        ["A", "F"], ["A", "M"], ["B", "F"], ["B", "M"],
    ]  # fmt: skip


def test_without_margins_only_the_small_count_is_hidden():
    table = pd.DataFrame({"school": list("AABB"), "sex": list("FMFM"), "n": [4, 30, 20, 25]})
    frame = disclosure.protect(table, by=["school", "sex"]).to_frame()
    assert frame["n"].isna().tolist() == [True, False, False, False]


def test_margins_in_the_table_are_recognised():
    table = pd.DataFrame({"school": ["A", "B", "C", "All"], "n": [4, 30, 20, 54]})
    frame = disclosure.protect(table, by="school").to_frame().set_index("school")
    assert frame["n"].isna().sum() == 2
    assert frame.loc["All", "n"] == 54


def test_a_group_of_nobody_is_z_and_nobodys_partner():
    table = pd.DataFrame(
        {"school": list("AABBCC"), "answer": ["yes", "no"] * 3, "n": [0, 0, 4, 30, 20, 25]}
    )
    frame = disclosure.protect(table, by=["school", "answer"], answer="answer", margins=True)
    reasons = frame.to_frame().set_index(["school", "answer"])["n_reason"]
    assert (reasons["A", "yes"], reasons["A", "no"]) == ("z", "z")
    assert (reasons["B", "yes"], reasons["C", "yes"]) == ("c", "c")


@pytest.mark.parametrize("margins", [True, False])
def test_a_hidden_group_that_is_not_marked_empty_is_known_to_have_somebody(attacker, margins):
    rows = [("A", 4, 0), ("B", 6, 1), ("C", 20, 30)]
    table = pd.DataFrame(
        [(school, answer, n) for school, *pair in rows for answer, n in zip(("yes", "no"), pair, strict=True)]
        + ([] if margins else [("All", "All", 61)]),
        columns=["school", "answer", "n"],
    )  # fmt: skip
    by = ["school", "answer"]
    made = disclosure.protect(table, by=by, answer="answer", margins=margins).to_frame()
    inner = table[table["school"].ne("All") & table["answer"].ne("All")]
    attack = attacker(made, inner, by, answer="answer")
    assert attack.narrow(is_small(10, "answer"), 10) == []


def test_a_category_that_is_not_marked_empty_is_known_to_have_somebody(attacker):
    table = pd.DataFrame({"school": ["A", "B", "C", "D", "All"], "n": [3, 8, 30, 40, 81]})
    made = disclosure.protect(table, by="school").to_frame()
    attack = attacker(made, table[table["school"] != "All"], ["school"])
    assert made["n"].isna().sum() == 3  # two that add up to 11 are each 1 to 10
    assert attack.narrow(is_small(10), 10) == []


def test_none_and_all_of_a_group_are_hidden_where_zeros_are_protected():
    table = pd.DataFrame(
        {"school": list("AABB"), "answer": ["yes", "no"] * 2, "n": [14, 0, 20, 25]}
    )
    frame = disclosure.protect(table, by=["school", "answer"], answer="answer", margins=True)
    hidden = frame.to_frame().set_index(["school", "answer"])["n"].isna()
    assert hidden["A", "yes"]
    assert hidden["A", "no"]


def test_a_dimension_with_one_category_is_the_same_cell_twice(attacker):
    table = pd.DataFrame({"year": ["7"] * 3, "school": list("ABC"), "n": [3, 30, 40]})
    frame = disclosure.protect(table, by=["year", "school"], margins=True).to_frame()
    by_school = frame[frame["school"] == "A"]
    assert by_school["n"].isna().all()
    assert attacker(frame, table, ["year", "school"]).narrow(is_small(10), 10) == []


def test_overlapping_hierarchies_are_refused_by_name():
    table = pd.DataFrame({"la": list("XXY"), "school": list("ABA"), "n": [30, 40, 50]})
    with pytest.raises(DisclosureError) as caught:
        disclosure.protect(table, by=[("la", "school")], margins=True)
    assert str(caught.value) == (
        "the columns 'la' and 'school' do not nest: 1 value of 'school' in more than one 'la'.\n"
        "  found: by=('la', 'school')\n"
        "  try:   two dimensions instead of one, or one finer category for each part"
    )


def test_an_all_zero_table_is_an_honest_empty_release():
    table = pd.DataFrame({"school": list("AB"), "n": [0, 0]})
    released = disclosure.protect(table, by="school", margins=True)
    assert released.to_frame()["n_reason"].tolist() == ["z", "z"]
    assert released.certificate["n_hidden"] == 0


def test_nobody_left_to_show_hides_everything():
    table = pd.DataFrame({"school": list("AB"), "n": [2, 3]})
    released = disclosure.protect(table, by="school", margins=True)
    assert released.to_frame()["n"].isna().all()
    assert set(released.to_frame()["n_reason"]) == {"c"}


def test_an_empty_table_is_an_empty_release():
    table = pd.DataFrame({"school": pd.Series(dtype="str"), "n": pd.Series(dtype="int64")})
    assert len(disclosure.protect(table, by="school", margins=True)) == 0


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ([-1, 5], "1 negative"),
        ([1.5, 5], "1 not whole"),
        ([None, 5], "1 missing or no number"),
        (["c", "5"], "1 missing or no number"),
        ([float("inf"), 5], "1 missing or no number"),
    ],
)
def test_counts_that_are_none_are_refused(counts, found):
    with pytest.raises(TableProblemsError) as caught:
        disclosure.protect(pd.DataFrame({"school": list("AB"), "n": counts}), by="school")
    assert caught.value.problem == "protect: 'n' must hold whole counts of 0 or more."
    assert caught.value.found == found


def test_margins_that_do_not_add_up_are_refused():
    table = pd.DataFrame({"school": ["A", "B", "All"], "n": [14, 30, 45]})
    with pytest.raises(TableProblemsError, match="1 margin of the table are not the sum"):
        disclosure.protect(table, by="school")


def test_margins_without_their_cells_are_refused():
    with pytest.raises(TableProblemsError, match="lists margins and none of the cells"):
        disclosure.protect(pd.DataFrame({"school": ["All"], "n": [45]}), by="school")


def test_a_cell_listed_twice_is_refused():
    table = pd.DataFrame({"school": ["A", "A"], "n": [14, 30]})
    with pytest.raises(TableProblemsError, match="1 row of the table repeat a cell"):
        disclosure.protect(table, by="school")


def test_a_missing_category_is_refused():
    table = pd.DataFrame({"school": ["A", None], "n": [14, 30]})
    with pytest.raises(TableProblemsError, match="1 row have no 'school'"):
        disclosure.protect(table, by="school")


def test_a_unit_without_a_rule_is_refused():
    table = pd.DataFrame({"la": list("AB"), "n": [14, 30]})
    with pytest.raises(BadArgumentError, match="has no threshold for 'schools'"):
        disclosure.protect(table, by="la", unit="schools", policy="dfe")


def test_percentages_stand_only_beside_two_counts_that_are_shown(schools):
    released = disclosure.protect(schools, by=BY, answer="answer", margins=True)
    frame = released.with_percentages()
    assert frame.loc[frame["n"].isna(), "percent"].isna().all()
    row = frame[frame["percent"].notna() & (frame["answer"] == "yes")].iloc[-1]
    same = (frame[["la", "school", "year", "sex"]] == row[["la", "school", "year", "sex"]]).all(
        axis=1
    )
    size = frame.loc[same & (frame["answer"] == "All"), "n"].iloc[0]
    assert row["percent"] == int(100 * row["n"] / size + 0.5)


def test_showing_one_partner_again_is_what_the_attacker_needs(attacker):
    table = pd.DataFrame({"school": list("AABB"), "sex": list("FMFM"), "n": [4, 30, 20, 25]})
    frame = disclosure.protect(table, by=["school", "sex"], margins=True).to_frame()
    partner = (frame["school"] == "B") & (frame["sex"] == "M")
    frame.loc[partner, ["n", "n_reason"]] = [25, ""]
    found = attacker(frame, table, ["school", "sex"]).narrow(is_small(10), 10)
    assert [cell for cell, *_ in found] == [("A", "F")]


def test_the_same_table_is_protected_the_same_way_twice(schools):
    first, second = (
        disclosure.protect(schools, by=BY, answer="answer", margins=True) for _ in "12"
    )
    assert first.certificate == second.certificate
    assert first.to_frame().equals(second.to_frame())


def test_the_order_of_rows_does_not_matter(schools):
    mixed = schools.sample(frac=1, random_state=1)
    first, second = (
        disclosure.protect(t, by=BY, answer="answer", margins=True) for t in (schools, mixed)
    )
    assert first.certificate["sha256"] == second.certificate["sha256"]


def test_a_figure_from_two_schools_is_hidden_however_many_answered(attacker):
    table = pd.DataFrame(
        {
            "area": ["North", "South", "East", "All"],
            "n": [90, 120, 80, 290],
            "n_schools": [2, 5, 4, 11],
        }
    )
    also = {"schools": "n_schools"}
    made = disclosure.protect(
        table, by="area", policy="sports", unit="respondents", also=also
    ).to_frame()
    assert made.set_index("area")["n"].isna().to_dict() == {
        "All": False, "North": True, "South": False, "East": True,
    }  # fmt: skip
    attack = attacker(made, table[table["area"] != "All"], ["area"])
    assert attack.narrow(lambda cell, _: cell["area"] == "North", 30) == []


def test_other_units_need_their_margins_listed():
    table = pd.DataFrame({"area": ["North", "South"], "n": [90, 120], "n_schools": [2, 5]})
    with pytest.raises(BadArgumentError, match="also cannot be used for 'schools' here"):
        disclosure.protect(
            table, by="area", policy="sports", also={"schools": "n_schools"}, margins=True
        )


def test_a_count_of_schools_needs_no_more_width_than_schools_ask(attacker):
    table = pd.DataFrame(
        {"area": list("AABBCC"), "state": ["full", "partial"] * 3, "n": [2, 9, 8, 5, 7, 11]}
    )
    by = ["area", "state"]
    made = disclosure.protect(table, by=by, unit="schools", answer="state", margins=True)
    frame = made.to_frame()
    assert made.certificate["width"] == 3
    assert frame["n"].isna().sum() == 4
    assert attacker(frame, table, by, answer="state").narrow(is_small(3, "state"), 3) == []


def test_protect_does_not_tell_how_many_hidden_counts_are_small():
    table = pd.DataFrame({"school": list("AABB"), "sex": list("FMFM"), "n": [7, 9, 8, 7]})
    released = disclosure.protect(table, by=["school", "sex"], margins=True)
    assert released.to_frame()["n"].isna().sum() >= 4
    assert not {"n_own", "n_others", "n_protected"} & set(released.certificate)
