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


def test_a_circle_that_nothing_settles_ends_and_is_named():
    table = links(("1", "2", None), ("2", "1", None))
    assert outcome("1", table) == ("1", "unknown", 0)
    note = panel.resolve_urns(["1"], table)["note"].iloc[0]
    assert note == "links run in a circle: '1', '2'; schools= may settle it"


def test_a_link_into_a_school_succeeded_before_is_taken_for_a_slip():
    table = links(("1", "2", "2011-08-31"), ("2", "1", "2011-09-01"))
    assert outcome("1", table) == ("2", "continued as", 1)
    assert outcome("2", table) == ("2", "kept", 0)


def test_closing_dates_settle_a_circle():
    table = links(("1", "2", "2022-08-31"), ("2", "1", "2022-08-31")).assign(
        link_type="Successor - merged"
    )
    register = pd.DataFrame(
        {"school_urn": ["1", "2"], "close_date": pd.to_datetime([None, "2022-08-31"])}
    )
    assert outcome("2", table, schools=register) == ("1", "merged into", 1)
    assert outcome("1", table, schools=register) == ("1", "kept", 0)


def test_a_number_that_nobody_issued_is_unknown_where_a_register_is_given():
    register = pd.DataFrame({"school_urn": ["1"], "close_date": pd.to_datetime([None])})
    assert outcome("7", links(("1", "2", None)), schools=register)[1] == "unknown"
    assert outcome("7", links(("1", "2", None)))[1] == "kept"


def test_a_part_that_left_is_a_split_and_the_school_stays():
    table = links(("1", "2", None)).assign(link_type="Successor - Split School")
    assert outcome("1", table) == ("1", "split", 0)


def test_a_chain_of_ten_thousand_is_followed():
    pairs = [(str(number), str(number + 1), None) for number in range(10_000)]
    table = links(*pairs)
    assert outcome("0", table) == ("10000", "continued as", 10_000)
    everyone = panel.resolve_urns([str(number) for number in range(10_001)], table)
    assert set(everyone["current_urn"]) == {"10000"}
    assert everyone["n_steps"].tolist() == list(range(10_000, -1, -1))


def test_a_link_to_itself_is_passed_over():
    assert outcome("1", links(("1", "1", None))) == ("1", "kept", 0)


def test_undated_links_are_counted():
    row = panel.resolve_urns(["1"], links(("1", "2", None), ("2", "3", "2020-01-01"))).iloc[0]
    assert (row["n_steps"], row["n_undated"]) == (2, 1)


def test_one_text_is_no_list_of_numbers():
    with pytest.raises(CareerBenchError, match="urns is one text or a table"):
        panel.resolve_urns("900001", links())


def test_a_link_after_the_day_is_not_followed():
    table = links(("1", "2", "2021-01-01"))
    assert outcome("1", table, on=date(2020, 12, 31)) == ("1", "kept", 0)
    assert outcome("1", table, on=date(2021, 1, 1)) == ("2", "continued as", 1)


def test_a_predecessor_row_says_the_same_from_the_other_end():
    table = links(("2", "1", None)).assign(link_type="Predecessor")
    assert outcome("2", table) == ("2", "kept", 0)
    assert outcome("1", table) == ("2", "continued as", 1)


def test_kinds_of_link_that_say_nothing_of_continuity_are_passed_over():
    table = links(("1", "2", None)).assign(link_type="Sixth Form Centre Link")
    assert outcome("1", table) == ("1", "kept", 0)


def test_the_real_links_end_and_account_for_every_school(shared_data):
    from careerbench import loaders

    table = loaders.load_links(shared_data / "gias" / "links_edubasealldata20250422.csv")
    urns = sorted({*table["school_urn"], *table["link_urn"]})
    found = panel.resolve_urns(urns, table).set_index("school_urn")
    assert found.index.tolist() == urns
    assert set(found["outcome"]) == set(panel.OUTCOMES)
    # the four circles of the file: two settled by dates, two not without a register
    assert found.loc["121064", "current_urn"] == "146558"
    assert found.loc["142855", "current_urn"] == "146558"
    assert found.loc["122057", "current_urn"] == found.loc["122060", "current_urn"] == "143421"
    assert found.loc[["101144", "101146"], "outcome"].tolist() == ["unknown", "unknown"]
    assert found.loc[["135073", "147355"], "outcome"].tolist() == ["split", "split"]


def test_a_register_settles_what_dates_cannot(shared_data):
    from careerbench import loaders

    table = loaders.load_links(shared_data / "gias" / "links_edubasealldata20250422.csv")
    path = shared_data / "gias" / "dfe_register_all_schools_open_and_closed.csv.gz"
    register = pd.read_csv(path, dtype="str").rename(columns={"urn": "school_urn"})
    register["close_date"] = pd.to_datetime(register["close_date"], format="%d-%m-%Y")
    found = panel.resolve_urns(["101144", "101146"], table, schools=register)
    assert found["current_urn"].tolist() == ["101144", "101144"]
    assert found["outcome"].tolist() == ["kept", "merged into"]


def test_a_moment_serves_as_a_day_and_text_does_not():
    table = links(("1", "2", "2021-01-01"))
    assert outcome("1", table, on=pd.Timestamp("2021-01-01 12:00")) == ("2", "continued as", 1)
    with pytest.raises(CareerBenchError, match="on must be a date"):
        panel.resolve_urns(["1"], table, on="2021-01-01")
    with pytest.raises(CareerBenchError, match="link_date holds str, not dates"):
        panel.resolve_urns(["1"], table.assign(link_date="01-01-2021"))


def test_a_table_is_no_list_of_numbers():
    with pytest.raises(CareerBenchError, match="urns is one text or a table"):
        panel.resolve_urns(pd.DataFrame({"school_urn": ["1"]}), links(("1", "2", None)))
