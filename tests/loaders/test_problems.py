import copy
import pickle
import tomllib
from importlib.resources import files

import pandas as pd
import pytest

from careerbench.errors import BadArgumentError, TableProblemsError
from careerbench.loaders import Problems, load_links, problems_of
from careerbench.loaders.schema import load_schema, load_symbols

BAD = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n9,900002,Hill,Successor,\n"


@pytest.fixture
def bad(save):
    return save("l.csv", BAD)


def test_problems_travel_with_a_frame_through_parquet_and_copies(bad, tmp_path):
    links = load_links(bad, on_problem="quarantine")
    links.to_parquet(tmp_path / "l.parquet")
    for again in (pd.read_parquet(tmp_path / "l.parquet"), copy.deepcopy(links)):
        pd.testing.assert_frame_equal(problems_of(again).to_frame(), problems_of(links).to_frame())
    assert all(isinstance(said, str) for said in links.attrs.values())


def test_the_error_carries_every_problem_between_processes(bad):
    with pytest.raises(TableProblemsError) as caught:
        load_links(bad)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.problems.n_errors == 1


def test_records_of_several_files_join(bad):
    record = problems_of(load_links(bad, on_problem="quarantine"))
    both = Problems.join([record, record])
    assert (both.n_errors, both.n_warnings) == (2, 0)
    assert both.notes[0] == "2 errors, 0 warnings."
    assert len(Problems.join([])) == 0
    assert Problems.join([]).to_frame()["row"].dtype == "Int64"


def test_a_record_shows_itself(bad):
    record = problems_of(load_links(bad, on_problem="quarantine"))
    assert repr(record) == "<Problems: 1 rows x 6 columns>"
    assert "is not a URN" in record._repr_html_()


def test_a_frame_that_nothing_checked_is_not_taken_for_sound():
    with pytest.raises(BadArgumentError, match="does not say what is wrong with it"):
        problems_of(pd.DataFrame())


@pytest.mark.parametrize("name", ["schools", "links", "audits", "survey", "activities"])
def test_no_two_columns_of_a_schema_share_a_heading(name):
    schema = load_schema(name)
    assert set(schema.key) <= set(schema.columns)
    assert all(column.about for column in schema.columns.values())
    n_headings = sum(len({*column.also, column.name}) for column in schema.columns.values())
    assert len(schema.headings) <= n_headings
    for column in schema.columns.values():
        assert {schema.find(each) for each in (*column.also, column.name)} == {column.name}


def test_each_symbol_has_one_meaning():
    text = (files("careerbench.loaders") / "schemas" / "symbols.toml").read_text("utf-8")
    symbols = [each for group in tomllib.loads(text)["meanings"].values() for each in group]
    assert len(load_symbols()) == len(symbols)
