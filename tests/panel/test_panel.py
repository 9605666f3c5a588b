"""The same schools across the years."""

from datetime import date

import pandas as pd
import pytest

from careerbench import panel
from careerbench.errors import CareerBenchError


def links(*pairs):
    rows = [
        (old, new, "Successor", pd.Timestamp(day) if day else pd.NaT) for old, new, day in pairs
    ]
    return pd.DataFrame(rows, columns=["school_urn", "link_urn", "link_type", "link_date"])


def outcome(urn, table, **options):
    row = panel.resolve_urns([urn], table, **options).iloc[0]
    return row["current_urn"], row["outcome"], row["n_steps"]


def test_a_school_without_a_link_keeps_its_number():
    assert outcome("1", links(("2", "3", None))) == ("1", "kept", 0)


def test_a_chain_of_successors_is_followed_to_its_end():
    assert outcome("1", links(("1", "2", None), ("2", "3", None))) == ("3", "continued as", 2)


def test_two_schools_with_one_successor_have_merged():
    table = links(("1", "9", None), ("2", "9", None))
    assert outcome("1", table) == ("9", "merged into", 1)


def test_a_school_with_two_successors_has_split_and_stays():
    assert outcome("1", links(("1", "8", None), ("1", "9", None))) == ("1", "split", 0)


def test_a_cycle_ends_and_is_named():
    table = links(("1", "2", None), ("2", "1", None))
    assert outcome("1", table) == ("1", "cycle", 0)


def test_a_link_after_the_day_is_not_followed():
    table = links(("1", "2", "2021-01-01"))
    assert outcome("1", table, on=date(2020, 12, 31)) == ("1", "kept", 0)
    assert outcome("1", table, on=date(2021, 1, 1)) == ("2", "continued as", 1)


def test_predecessor_rows_are_not_followed():
    table = links(("2", "1", None)).assign(link_type="Predecessor")
    assert outcome("2", table) == ("2", "kept", 0)


def rows(*days):
    frame = pd.DataFrame({"audit_date": pd.to_datetime(list(days))})
    return frame.assign(school_urn="1", wave="baseline", item="a", answer="yes")


def test_the_latest_audit_of_a_wave_is_kept():
    kept = panel.choose_audits(rows("2020-01-01", "2020-02-01"))
    assert kept["audit_date"].dt.month.tolist() == [2]
    assert kept["n_audits"].tolist() == [2]


def test_audits_without_any_date_are_kept_as_one():
    kept = panel.choose_audits(rows(None, None))
    assert kept["n_audits"].tolist() == [1, 1]


def test_an_audit_half_dated_is_refused():
    with pytest.raises(CareerBenchError) as caught:
        panel.choose_audits(rows("2020-01-01", None))
    assert "'1, baseline'" in str(caught.value)
