"""Joins and waves that account for everybody."""

import pandas as pd
import pytest

from careerbench import panel
from careerbench.errors import CareerBenchError

SCORES = pd.DataFrame({"school_urn": ["1", "1", "2", None], "share": [0.1, 0.2, 0.3, 0.4]})
SCHOOLS = pd.DataFrame({"school_urn": ["1", "9", None], "la_name": ["A", "B", "C"]})


def fates(linked):
    return {(row.side, row.fate): (row.n_rows, row.kept) for row in linked.account.itertuples()}


def test_every_row_of_both_tables_has_a_fate():
    linked = panel.link(SCORES, SCHOOLS)
    assert fates(linked) == {
        ("left", "matched"): (2, True),
        ("left", "without a partner"): (1, True),
        ("left", "without a key"): (1, True),
        ("right", "matched"): (1, True),
        ("right", "without a partner"): (1, False),
        ("right", "without a key"): (1, False),
    }
    assert linked.to_frame()["la_name"].tolist()[:2] == ["A", "A"]
    assert linked.to_frame()["la_name"].isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize(("how", "n_rows"), [("left", 4), ("inner", 2), ("outer", 6)])
def test_the_join_keeps_what_it_says(how, n_rows):
    linked = panel.link(SCORES, SCHOOLS, how=how)
    kept = linked.account.query("kept and side == 'left'")["n_rows"].sum()
    lonely = linked.account.query("kept and side == 'right' and fate != 'matched'")["n_rows"].sum()
    assert len(linked.to_frame()) == n_rows == kept + lonely


def test_keys_without_a_partner_are_named_with_their_side():
    unmatched = panel.link(SCORES, SCHOOLS).unmatched.dropna()
    assert sorted(unmatched.itertuples(index=False, name=None)) == [
        ("2", "left only"), ("9", "right only"),
    ]  # fmt: skip


def test_a_partner_that_stands_twice_is_refused():
    twice = pd.concat([SCHOOLS, SCHOOLS])
    with pytest.raises(
        CareerBenchError, match=r"1 key\(s\) stand more than once in the right table|2 key"
    ):
        panel.link(SCORES, twice)
    with pytest.raises(CareerBenchError, match="stand more than once in the left table"):
        panel.link(SCORES, SCHOOLS, many=False)


def test_a_column_in_both_tables_is_refused():
    with pytest.raises(CareerBenchError, match="both tables have the column 'share'"):
        panel.link(SCORES, SCHOOLS.assign(share=1))


def test_linking_leaves_its_inputs_alone():
    before = SCORES.copy(), SCHOOLS.copy()
    panel.link(SCORES, SCHOOLS, how="outer")
    pd.testing.assert_frame_equal(SCORES, before[0])
    pd.testing.assert_frame_equal(SCHOOLS, before[1])


def presence(**waves):
    parts = [pd.DataFrame({"school_urn": list(urns), "wave": wave}) for wave, urns in waves.items()]
    return pd.concat(parts, ignore_index=True)


def test_each_wave_counts_those_in_left_joined_and_returned():
    found = panel.attrition(
        presence(baseline="1234", year_1="125", year_2="135"),
        waves=["baseline", "year_1", "year_2"],
    ).to_frame()
    columns = ["n_in", "n_from_baseline", "n_left", "n_joined", "n_returned"]
    assert found[columns].to_numpy().tolist() == [
        [4, 4, 0, 0, 0], [3, 2, 2, 1, 0], [3, 2, 2, 1, 1],
    ]  # fmt: skip
    assert found["share_kept"].tolist() == [1.0, 0.5, 0.5]


def test_leavers_are_compared_on_what_was_known_at_the_start():
    start = pd.DataFrame(
        {"school_urn": list("1234"), "fsm": [10.0, 20.0, 30.0, 40.0], "kind": list("aabb")}
    )
    found = panel.attrition(
        presence(baseline="1234", year_1="12"),
        waves=["baseline", "year_1"], baseline=start, characteristics=["fsm", "kind"],
    ).leavers  # fmt: skip
    fsm = found.iloc[0]
    assert (fsm["kept"], fsm["left"], fsm["difference"]) == (15.0, 35.0, -20.0)
    assert fsm["standardised_difference"] == pytest.approx(-20 / start["fsm"].std())
    kind = found.query("category == 'a'").iloc[0]
    assert (kind["kept"], kind["left"], kind["n_kept"], kind["n_left"]) == (1.0, 0.0, 2, 2)


def test_a_wave_nobody_was_in_is_refused():
    with pytest.raises(CareerBenchError, match="waves has no value 'year_9'"):
        panel.attrition(presence(baseline="12"), waves=["baseline", "year_9"])


def test_characteristics_need_their_table():
    with pytest.raises(CareerBenchError, match="characteristics need the table they stand in"):
        panel.attrition(
            presence(baseline="12", year_1="1"), waves=["baseline", "year_1"], characteristics="fsm"
        )


def test_the_sample_studys_drop_outs_are_counted(pilot):
    waves = [wave.id for wave in pilot.waves]
    found = panel.attrition(
        pilot.scores(), waves=waves, baseline=pilot.schools, characteristics="percentage_fsm"
    )
    assert found.to_frame()["n_in"].tolist() == [70, 66, 64]
    assert found.to_frame()["n_left"].tolist() == [0, 4, 6]
    assert found.leavers["n_left"].tolist() == [4, 6]


def test_numbers_are_never_matched_with_text():
    with pytest.raises(CareerBenchError, match=r"'school_urn' is .* on the left and int64"):
        panel.link(SCORES, pd.DataFrame({"school_urn": [1], "la_name": ["A"]}))


def test_a_wave_named_twice_is_refused():
    with pytest.raises(CareerBenchError, match="a wave is named twice"):
        panel.attrition(presence(b="12"), waves=["b", "b"])
