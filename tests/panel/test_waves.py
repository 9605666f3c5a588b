"""Which audit counts for which wave."""

from datetime import date

import pandas as pd
import pytest

from careerbench import panel
from careerbench.errors import CareerBenchError

WAVES = (
    panel.Wave("baseline", "Baseline", date(2019, 9, 1), date(2019, 12, 31)),
    panel.Wave("year_1", "Year 1", date(2020, 5, 1), date(2020, 7, 31)),
)


def rows(*days, wave="baseline", answers=None):
    frame = pd.DataFrame({"audit_date": pd.to_datetime(list(days))})
    said = answers or [str(number) for number in range(len(days))]
    return frame.assign(school_urn="1", wave=wave, item="a", answer=said)


def months(frame):
    return frame["audit_date"].dt.month.tolist()


def test_the_latest_audit_of_a_wave_is_kept():
    kept = panel.choose_audits(rows("2020-01-01", "2020-02-01"))
    assert (months(kept), kept["n_audits"].tolist()) == ([2], [2])


def test_the_first_or_all_may_count_instead():
    audits = rows("2020-02-01", "2020-01-01")
    assert months(panel.choose_audits(audits, rule="first")) == [1]
    assert months(panel.choose_audits(audits, rule="all")) == [2, 1]


def test_the_best_counts_by_a_given_quality_and_the_later_of_equals():
    audits = rows("2020-01-01", "2020-02-01", "2020-03-01")
    quality = audits[["school_urn", "audit_date"]].assign(quality=[5, 5, 3])
    assert months(panel.choose_audits(audits, rule="best", quality=quality)) == [2]
    with pytest.raises(CareerBenchError, match="rule 'best' needs to know how good each audit is"):
        panel.choose_audits(audits, rule="best")
    with pytest.raises(CareerBenchError, match=r"quality lacks 1 audit\(s\)"):
        panel.choose_audits(audits, rule="best", quality=quality.iloc[:2])


def test_a_census_date_takes_the_last_audit_on_or_before_it():
    audits = rows("2019-10-01", "2019-12-31", "2020-01-01", "2020-06-01", wave="whatever")
    kept = panel.choose_audits(audits, WAVES)
    assert kept["wave"].tolist() == ["baseline", "year_1"]
    assert [str(day.date()) for day in kept["audit_date"]] == ["2019-12-31", "2020-06-01"]
    assert kept["reported_wave"].tolist() == ["whatever", "whatever"]


def test_between_two_waves_an_audit_counts_for_the_next_census_only():
    audits = rows("2020-01-15", wave="baseline")
    assert panel.choose_audits(audits, WAVES)["wave"].tolist() == ["year_1"]
    assert panel.choose_audits(audits, WAVES, rule="first").empty


def test_an_audit_after_the_last_census_is_listed_as_outside():
    listed = panel.list_audits(rows("2019-10-01", "2020-09-09"), WAVES)
    assert listed["why"].tolist() == ["counts", "outside every wave"]
    assert listed["wave"].isna().tolist() == [False, True]


def test_copies_and_hasty_audits_are_flagged():
    audits = rows("2019-10-01", "2019-10-20", "2020-01-20", answers=["x", "x", "y"])
    listed = panel.list_audits(audits)
    assert listed["days_since_previous"].tolist() == [pd.NA, 19, 92]
    assert listed["soon"].tolist() == [False, True, False]
    assert listed["copied"].tolist() == [False, True, False]


def test_a_copy_is_known_whatever_the_order_of_its_rows():
    first = pd.concat(
        [rows("2019-10-01", answers=["x"]), rows("2019-10-01", answers=["y"]).assign(item="b")]
    )
    again = first.iloc[::-1].assign(audit_date=pd.Timestamp("2020-03-01"))
    assert panel.list_audits(pd.concat([first, again]))["copied"].tolist() == [False, True]


def test_an_audit_with_fewer_items_is_no_copy():
    first = pd.concat(
        [rows("2019-10-01", answers=["x"]), rows("2019-10-01", answers=["y"]).assign(item="b")]
    )
    again = rows("2020-03-01", answers=["x"])
    assert not panel.list_audits(pd.concat([first, again]))["copied"].any()


def test_audits_without_any_date_are_kept_as_one():
    kept = panel.choose_audits(rows(None, None))
    assert kept["n_audits"].tolist() == [1, 1]


def test_scoring_takes_the_same_audits_by_its_short_way():
    audits = pd.concat([rows("2020-01-01", "2020-02-01"), rows("2020-06-01", wave="year_1")])
    short, long = panel.latest_audits(audits), panel.choose_audits(audits)
    assert short["audit_date"].tolist() == long["audit_date"].tolist()
    assert short["n_audits"].tolist() == long["n_audits"].tolist()


def test_an_audit_half_dated_is_refused():
    for choose in (panel.choose_audits, panel.latest_audits):
        with pytest.raises(CareerBenchError) as caught:
            choose(rows("2020-01-01", None))
        assert "'1, baseline'" in str(caught.value)


def test_windows_that_overlap_are_refused():
    late = panel.Wave("late", "Late", date(2019, 12, 31), date(2020, 3, 1))
    with pytest.raises(CareerBenchError, match="windows of 'baseline' and 'late' overlap"):
        panel.choose_audits(rows("2019-10-01"), (*WAVES[:1], late))


def test_an_unknown_rule_is_answered_with_those_there_are():
    with pytest.raises(CareerBenchError, match="rule has no value 'newest'"):
        panel.choose_audits(rows("2019-10-01"), rule="newest")


def test_the_sample_study_lists_its_audits(pilot):
    listed = panel.list_audits(pilot.audits)
    assert listed["counts"].sum() == 200
    assert (listed["why"] == "superseded").sum() == 4
    assert not listed["copied"].any()


def test_categories_are_taken_like_texts():
    audits = rows("2020-01-01", "2020-02-01").astype({"wave": "category", "school_urn": "category"})
    assert months(panel.choose_audits(audits)) == [2]
