import pandas as pd
import pytest

from careerbench.errors import MissingColumnsError, TableProblemsError
from careerbench.loaders import load_activities, load_links, problems_of

HEADER = "URN,Date,Year group,Activity,Pupils,Hours"
LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"


def values(frame, *columns):
    kept = frame[list(columns)].astype(object)
    return kept.where(kept.notna(), None).to_numpy().tolist()


def test_a_number_that_is_missing_has_its_reason(save):
    text = f"{HEADER}\n900001,01/03/2021,Y4,visit,28,1.5\n900001,02/03/2021,all,talk,c,\n"
    log = load_activities(save("a.csv", text))
    assert values(log, "year_group", "n_pupils", "n_pupils_reason", "hours", "hours_reason") == [
        ["4", 28, None, 1.5, None],
        [None, None, "suppressed", None, "blank"],
    ]


def test_a_column_that_the_file_lacks_is_missing_for_that_reason(save):
    log = load_activities(save("a.csv", "URN,Activity\n900001,visit\n"))
    assert values(log, "n_pupils", "n_pupils_reason") == [[None, "not_in_file"]]
    assert problems_of(log).to_frame()["problem"].tolist() == ["the file has no activity_date"]


def test_numbers_that_are_none_are_errors(save):
    text = f"{HEADER}\n900001,44440,Y4,,12.5,-1\n"
    with pytest.raises(TableProblemsError) as caught:
        load_activities(save("a.csv", text))
    assert caught.value.problems.to_frame()["problem"].tolist() == [
        "'44440' is not a date",
        "activity is blank",
        "'12.5' is not a whole number",
        "'-1' is not a number",
    ]


def test_a_row_that_stands_twice_is_a_warning(save):
    row = "900001,01/03/2021,Y4,visit,28,1.5"
    log = load_activities(save("a.csv", f"{HEADER}\n{row}\n{row}\n"))
    assert len(log) == 2
    assert problems_of(log).n_warnings == 2


def test_links_come_as_published_cycles_and_all(save):
    text = f"{LINKS}\n900001,900002,Hill,Successor,\n900002,900001,Dale,Successor,01-09-2012\n"
    links = load_links(save("l.csv", text))
    assert values(links, *links) == [
        ["900001", "900002", "Hill", "Successor", None, "blank"],
        ["900002", "900001", "Dale", "Successor", pd.Timestamp(2012, 9, 1), None],
    ]


def test_links_without_a_kind_are_refused(save):
    with pytest.raises(MissingColumnsError) as caught:
        load_links(save("l.csv", "URN,LinkURN,LinkEstablishedDate\n900001,900002,\n"))
    assert str(caught.value) == (
        "load_links: 'l.csv' has no column 'link_type'.\n"
        "  found: 'URN', 'LinkURN', 'LinkEstablishedDate'\n"
        "  try:   head a column link_type or LinkType"
    )
