"""Files of Explore Education Statistics and NEET scorecards, against their own facts."""

import pandas as pd
import pytest

from careerbench.errors import MissingColumnsError
from careerbench.loaders import RowProblemsError, load_ees, load_neet, source_of

NATIONAL = "ees/ees_ks4_destinations_national_202223.csv"


@pytest.fixture
def save(tmp_path):
    def write(text, name="data.csv"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def reasons_of(frame):
    names = [name for name in frame if name.endswith("_reason")]
    return pd.concat([frame[name] for name in names]).value_counts().to_dict()


HEAD = "time_period,time_identifier,geographic_level,age,value\n"


@pytest.mark.parametrize(
    ("symbol", "reason"),
    [
        ("z", "not_applicable"), ("x", "unavailable"), (":", "unavailable"), ("c", "suppressed"),
        ("low", "rounds_to_zero"), ("k", "rounds_to_zero"), ("~", "rounds_to_zero"),
        ("u", "low_reliability"), ("..", "unavailable"), (".", "not_applicable"), ("", "blank"),
        ("NA", "not_applicable"),
    ],
)  # fmt: skip
def test_each_symbol_keeps_its_meaning(save, symbol, reason):
    rows = f"201920,Academic year,National,3,{symbol}\n201920,Academic year,National,Total,0\n"
    table = load_ees(save(HEAD + rows))
    assert table["value"].isna().tolist() == [True, False]
    assert table["value_reason"].tolist()[0] == reason
    assert table["age"].tolist() == ["3", "Total"]  # a filter, whatever it looks like


def test_metadata_decide_what_is_a_filter(save):
    save("col_name,col_type,label\nage,Filter,Age\nvalue,Indicator,Value\n", "data.meta.csv")
    file = save(HEAD + "2020,Calendar year,National,3,5\n2020,Calendar year,National,4,-1.5\n")
    table = load_ees(file)
    assert table["age"].tolist() == ["3", "4"]
    assert table["value"].tolist() == [5.0, -1.5]
    assert "by the metadata" in source_of(table).decisions[-1]
    wrong = save("col_name,col_type,label\nages,Filter,Age\n", "other.csv")
    with pytest.raises(MissingColumnsError, match="has no column 'ages' of its metadata"):
        load_ees(file, meta=wrong)


def test_periods_are_written_one_way_and_wrong_ones_refused(save):
    rows = "2010/11,,National,a,1\n2019-20,,National,b,2\n2021,,National,c,3\n"
    assert load_ees(save(HEAD + rows))["time_period"].tolist() == ["201011", "201920", "2021"]
    with pytest.raises(RowProblemsError, match="'201921' is not a time period"):
        load_ees(save(HEAD + "201921,,National,a,1\n"))


def test_a_cell_that_is_neither_number_nor_symbol_is_refused(save):
    save("col_name,col_type\nage,Filter\nvalue,Indicator\n", "data.meta.csv")
    with pytest.raises(RowProblemsError, match="row 2, column 'value': '12 or so' is neither"):
        load_ees(save(HEAD + "2020,,National,a,12 or so\n"))


def test_national_destinations_have_every_symbol(shared_data):
    table = load_ees(shared_data / NATIONAL)
    assert len(table) == 5_846
    assert reasons_of(table) == {
        "suppressed": 26_144, "not_applicable": 18_382, "rounds_to_zero": 2_525,
    }  # fmt: skip
    assert table["time_period"].nunique() == 14


def test_counts_and_percentages_stay_apart_and_add_up(shared_data):
    table = load_ees(shared_data / NATIONAL)
    raw = pd.read_csv(
        shared_data / NATIONAL, dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )
    assert sorted(table["data_type"].unique()) == ["Number of students", "Percentage"]
    indicators = [name for name in table if f"{name}_reason" in table]
    assert len(indicators) == 25
    for name in indicators:
        cells = pd.to_numeric(raw[name], errors="coerce")
        mine = table.groupby("data_type")[name].sum()
        assert mine.to_dict() == pytest.approx(cells.groupby(raw["data_type"]).sum().to_dict())
    shares = table[table["data_type"] == "Percentage"]
    assert shares["overall"].max() <= 100


def test_readable_headings_and_slashed_years_are_read(shared_data):
    table = load_ees(shared_data / "ees" / "1618_dm_ud_202021_la_relabelled_headers.csv")
    assert len(table) == 4_900
    assert reasons_of(table) == {"not_applicable": 6_831}
    assert table["time_period"].min() == "201011"
    raw = pd.read_csv(shared_data / "ees" / "1618_dm_ud_202021_la_relabelled_headers.csv")
    assert table["fe_level_3"].sum() == pytest.approx(raw["FE Level 3"].sum())


def test_districts_keep_their_codes(shared_data):
    table = load_ees(shared_data / "ees" / "ks4_destination_measures_lad_201718-202122.csv")
    assert len(table) == 2_548
    assert table["lad_code"].str.fullmatch("E0[6-9][0-9]{6}").all()
    assert reasons_of(table) == {}


@pytest.mark.parametrize(
    ("year", "n_rows", "facts"),
    [
        ("2021_vg_removed", 161, {"not_applicable": 56, "suppressed": 1}),
        ("2022_final", 160, {"not_applicable": 74, "suppressed": 10}),
    ],
)
def test_scorecards_of_both_years_come_through(shared_data, year, n_rows, facts):
    file = shared_data / "neet" / f"UD_NEETNK_LA_dashboard_{year}.csv"
    cards = load_neet(file)
    raw = pd.read_csv(file, dtype=str, keep_default_na=False)
    indicators = raw.columns[11:]
    blanks = int((raw[indicators] == "").sum().sum())
    assert reasons_of(cards) == facts | ({"blank": blanks} if blanks else {})
    assert len(cards) == n_rows
    change = pd.to_numeric(raw["annual_change_ppts_NEET_not_known"], errors="coerce")
    assert cards["annual_change_ppts_neet_not_known"].sum() == pytest.approx(change.sum())
    assert (cards["annual_change_ppts_neet_not_known"] < 0).any()
    assert (cards["geographic_level"] == "Local authority").sum() == 150
    assert cards["age"].unique().tolist() == ["16-17"]


def test_a_table_without_neet_is_not_a_scorecard(save):
    with pytest.raises(MissingColumnsError, match="no column about NEET"):
        load_neet(save(HEAD + "2020,Calendar year,National,a,1\n"))
