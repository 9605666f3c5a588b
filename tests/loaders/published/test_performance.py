"""Performance tables: which rows are schools, and what each symbol means."""

import pandas as pd
import pytest

from careerbench.errors import BadArgumentError, MissingColumnsError
from careerbench.loaders import (
    RowProblemsError,
    load_performance,
    load_performance_schools,
    problems_of,
    source_of,
)

TABLES = "performance_tables/2018-2019"


@pytest.fixture
def save(tmp_path):
    def write(text, name="england_ks4.csv"):
        file = tmp_path / name
        file.write_text(text)
        return file

    return write


@pytest.fixture(scope="module")
def destinations(shared_data):
    return load_performance(shared_data / TABLES / "england_ks4-pupdest.csv", time_period="2018/19")


def raw(shared_data, name):
    """Read a file again with nothing of careerbench."""
    return pd.read_csv(
        shared_data / TABLES / name, dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )


KS4 = """RECTYPE,LEA,ESTAB,URN,SCHNAME,TPUP,PTENG,P8MEA
1,201,14,900001,Hill School,120,95%,-0.3
2,201,7001,900002,Dale School,SUPP,NE,LOWCOV
4,201,,,,1204,90 %,0.1
5,,,,,"604,963",59%,
7,,,,,542670,64%,-0.03
"""


def test_schools_areas_and_the_nation_are_told_apart(save):
    records = load_performance_schools(save(KS4))
    assert records["geographic_level"].tolist() == [
        "School", "School", "Local authority", "National", "National",
    ]  # fmt: skip
    assert records["establishment_group"].tolist()[:2] == ["Mainstream", "Special"]
    assert records["establishment_group"].tolist()[3:] == ["All schools", "State-funded schools"]
    assert records["school_laestab"].tolist()[:2] == ["2010014", "2017001"]
    assert records["school_urn"].isna().sum() == 3


def test_a_record_type_4_of_key_stage_2_is_the_nation(save):
    rows = (
        "RECTYPE,LEA,ESTAB,URN,READ\n1,850,2001,900001,78%\n3,850,,,75%\n4, , , ,73%\n5, , , ,73%\n"
    )
    records = load_performance_schools(save(rows))
    levels = records["geographic_level"].tolist()
    assert levels == ["School", "Local authority", "National", "National"]
    assert records["establishment_group"].tolist()[2:] == ["All schools", "State-funded schools"]


def test_figures_keep_their_unit_and_symbols_their_meaning(save):
    figures = load_performance(save(KS4))
    assert len(figures) == 15
    share = figures[figures["measure"] == "PTENG"]
    assert share["value"].tolist()[:1] == [95.0]
    assert share["value"].tolist()[2:] == [90.0, 59.0, 64.0]
    assert share["unit"].unique().tolist() == ["percent"]
    assert share["value_reason"].tolist()[1] == "no_entries"
    progress = figures[figures["measure"] == "P8MEA"].reset_index(drop=True)
    assert progress["value"].tolist()[0] == -0.3
    assert progress["value_reason"].dropna().to_dict() == {1: "low_coverage", 3: "blank"}
    assert progress["unit"].isna().all()
    assert figures.loc[figures["measure"] == "TPUP", "value"].tolist()[3] == 604_963


@pytest.mark.parametrize(
    ("symbol", "reason"),
    [
        ("SUPP", "suppressed"), ("NE", "no_entries"), ("NA", "not_applicable"),
        ("NP", "not_published"), ("LOWCOV", "low_coverage"), ("SP", "small_percentage"),
        ("RE", "redacted"), ("NEW", "new_school"), ("DNS", "not_supplied"),
        ("UNAVAIL", "unavailable"), ("", "blank"), ("  ", "blank"),
    ],
)  # fmt: skip
def test_no_symbol_becomes_a_number_or_a_bare_blank(save, symbol, reason):
    rows = f"URN,LEA,ESTAB,KS5_22\n900001,201,1,{symbol}\n900002,201,2,0\n"
    figures = load_performance(save(rows))
    assert figures["value"].isna().tolist() == [True, False]
    assert figures["value"].tolist()[1] == 0
    assert figures["value_reason"].tolist()[0] == reason
    assert pd.isna(figures["value_reason"].tolist()[1])
    assert figures["measure"].unique().tolist() == ["KS5_22"]


def test_a_cell_that_is_neither_is_refused_or_left_out_alone(save):
    rows = "URN,LEA,ESTAB,A,B\n" + "".join(f"9000{i},201,{i},{i},5\n" for i in range(10, 30))
    file = save(rows.replace("900011,201,11,11,", "900011,201,11,QUX,"))
    with pytest.raises(RowProblemsError) as caught:
        load_performance(file)
    assert "row 3, column 'A': 'QUX' is neither a number nor a known symbol" in str(caught.value)
    figures = load_performance(file, on_problem="quarantine")
    assert len(figures) == 2 * 20 - 1
    assert (figures["school_urn"] == "900011").sum() == 1
    assert problems_of(figures).n_errors == 1


def test_a_row_about_nothing_is_refused(save):
    with pytest.raises(RowProblemsError, match="names no school, no local authority"):
        load_performance(save("RECTYPE,LEA,ESTAB,URN,A\n1,201,1,900001,3\n1,,,,4\n"))


def test_measures_are_chosen_by_name_or_pattern(save):
    file = save(KS4)
    figures = load_performance(file, measures=["p8*", "TPUP"], time_period="2018-19")
    assert figures["measure"].unique().tolist() == ["TPUP", "P8MEA"]
    assert figures["time_period"].unique().tolist() == ["201819"]
    with pytest.raises(BadArgumentError, match="no measure is called 'P8MAE'") as caught:
        load_performance(file, measures="P8MAE")
    assert "did you mean 'P8MEA'?" in str(caught.value)


def test_a_table_of_words_has_no_measures(save):
    with pytest.raises(MissingColumnsError, match="the table has no measures"):
        load_performance(save("URN,Rating\n900001,Good\n"))


def test_columns_of_words_are_named_in_the_source_and_kept_elsewhere(save):
    file = save("URN,LEA,ESTAB,A,GRD_18\n900001,201,1,5,C+\n900002,201,2,6,SUPP\n")
    assert "'GRD_18'" in source_of(load_performance(file)).decisions[-1]
    assert load_performance_schools(file)["grd_18"].tolist() == ["C+", "SUPP"]


def test_destinations_have_every_symbol_the_file_has(destinations, shared_data):
    assert destinations["value_reason"].value_counts().to_dict() == {
        "suppressed": 45_389,
        "not_applicable": 2_208,
        "small_percentage": 969,
    }
    records = destinations.drop_duplicates(["geographic_level", "school_urn", "old_la_code"])
    assert records["geographic_level"].value_counts().to_dict() == {
        "School": 2_955 + 773, "Local authority": 148, "National": 1,
    }  # fmt: skip
    assert (destinations["time_period"] == "201819").all()


def test_destinations_add_up_as_in_the_file(destinations, shared_data):
    table = raw(shared_data, "england_ks4-pupdest.csv")
    mine = destinations.groupby("measure")["value"].sum()
    for name in mine.index:
        cells = pd.to_numeric(table[name].str.rstrip("%"), errors="coerce")
        assert mine[name] == pytest.approx(cells.sum())
    assert mine.index.nunique() == table.shape[1] - 7
    nation = destinations[destinations["geographic_level"] == "National"]
    assert nation.set_index("measure").loc["COHORT", "value"] == 528_139
    assert nation.set_index("measure").loc["OVERALL_DESTPER", "unit"] == "percent"


def test_provisional_key_stage_4_has_its_symbols(shared_data):
    figures = load_performance(shared_data / TABLES / "england_ks4provisional_selected_columns.csv")
    counts = figures["value_reason"].value_counts().to_dict()
    counts.pop("blank")
    assert counts == {
        "not_applicable": 24_768, "no_entries": 4_655, "suppressed": 2_070, "low_coverage": 49,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["936_ks4final.csv", "936_ks2final.csv", "850_ks2final.csv"])
def test_ragged_tables_of_one_authority_come_through_whole(shared_data, name):
    figures = load_performance(shared_data / TABLES / name)
    import csv

    with (shared_data / TABLES / name).open(encoding="utf-8-sig", newline="") as lines:
        headings, *rows = list(csv.reader(lines))
    for symbol, reason in {"SUPP": "suppressed", "NP": "not_published", "NE": "no_entries"}.items():
        there = sum(cell.strip() == symbol for row in rows for cell in row)
        assert (figures["value_reason"] == reason).sum() == there
    records = figures.drop_duplicates(["school_urn", "geographic_level", "establishment_group"])
    assert len(records) == len(rows)
    assert (records["geographic_level"] == "National").sum() == 2
    assert records["establishment_group"].tolist()[-2:] == ["All schools", "State-funded schools"]
    assert figures["measure"].isin(headings).all()


def test_census_and_absence_keep_their_national_rows(shared_data):
    census = load_performance(shared_data / TABLES / "england_census.csv", measures="NOR")
    assert len(census) == 23_942
    nation = census[census["geographic_level"] == "National"].set_index("establishment_group")
    assert nation["value"].to_dict() == {
        "State-funded primary": 4_727_089,
        "State-funded secondary": 3_327_970,
        "State-funded special school": 121_738,
    }
    absence = load_performance(shared_data / TABLES / "england_abs.csv")
    assert (absence["value_reason"] == "suppressed").sum() == 864
    assert (absence["geographic_level"] == "National").sum() == 6


def test_student_destinations_of_2024_25_have_their_symbols(shared_data):
    folder = "performance_tables/2024-2025_excerpt"
    figures = load_performance(shared_data / folder / "england_ks5-studest_first_rows.csv")
    assert figures["value_reason"].value_counts().to_dict() == {
        "suppressed": 338, "not_applicable": 57, "small_percentage": 6,
    }  # fmt: skip
