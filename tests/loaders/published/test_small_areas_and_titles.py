"""Deprivation, the index of occupations, and national Benchmark figures."""

import pandas as pd
import pytest

from careerbench.errors import MissingColumnsError, ReadError
from careerbench.loaders import (
    RowProblemsError,
    load_benchmark_headlines,
    load_deprivation,
    load_national_benchmarks,
    load_soc_index,
    problems_of,
    source_of,
)


@pytest.fixture
def save(tmp_path):
    def write(text, name="table.csv"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_idaci_of_32844_areas_is_read_from_the_workbook(shared_data):
    name = "File_3_-_IoD2019_Supplementary_Indices_-_IDACI_and_IDAOPI.xlsx"
    areas = load_deprivation(shared_data / "deprivation" / name)
    raw = pd.read_excel(shared_data / "deprivation" / name, sheet_name=1, engine="calamine")
    assert len(areas) == len(raw) == 32_844
    assert areas["lsoa_code"].is_unique
    assert areas["lsoa_census"].unique().tolist() == ["2011"]
    for index in ("imd", "idaci", "idaopi"):
        ranks = areas[f"{index}_rank"].astype(int)
        assert (ranks.min(), ranks.max()) == (1, 32_844)
        assert ranks.sum() == raw.filter(like=f"({index.upper()}) Rank").iloc[:, 0].sum()
        tenths = areas[f"{index}_decile"].value_counts()
        assert set(tenths) <= {3_284, 3_285}
        worst = areas.loc[areas[f"{index}_decile"] == 1, f"{index}_rank"]
        assert worst.max() in {3_284, 3_285}
        assert areas[f"{index}_rank_reason"].isna().all()


def test_scores_and_deciles_by_csv_agree_with_the_workbook(shared_data):
    folder = shared_data / "deprivation"
    name = "File_3_-_IoD2019_Supplementary_Indices_-_IDACI_and_IDAOPI.xlsx"
    scores = load_deprivation(folder / "imd2019_score_decile_by_lsoa11.csv")
    ranks = load_deprivation(folder / name)
    both = scores.merge(ranks, on="lsoa_code", validate="one_to_one", suffixes=("", "_book"))
    assert len(both) == 32_844
    assert (both["imd_decile"] == both["imd_decile_book"]).all()
    raw = pd.read_csv(folder / "imd2019_score_decile_by_lsoa11.csv")
    assert scores["imd_score"].sum() == pytest.approx(raw["IMD_2019_score"].sum())


def test_an_area_that_is_none_and_a_decile_of_11_are_refused(save):
    rows = "LSOA code (2021),IDACI Decile\nE01000001,11\nX1,2\nE01000002,\n"
    with pytest.raises(RowProblemsError) as caught:
        load_deprivation(save(rows))
    assert "row 2, column 'IDACI Decile': the cell is not a decile" in str(caught.value)
    assert "row 3, column 'LSOA code (2021)': 'X1' is not an LSOA code" in str(caught.value)
    areas = load_deprivation(save(rows), on_problem="quarantine")
    assert areas["lsoa_census"].tolist() == ["2021"]
    assert areas["idaci_decile_reason"].tolist() == ["blank"]


def test_two_columns_for_one_measure_are_refused(save):
    with pytest.raises(ReadError, match=r"two columns of .* mean imd_rank"):
        load_deprivation(save("LSOA11CD,IMD rank,Rank of IMD\nE01000001,1,1\n"))
    with pytest.raises(MissingColumnsError, match="no score, rank or decile"):
        load_deprivation(save("LSOA11CD,Population\nE01000001,1\n"))


@pytest.fixture(scope="module")
def index(shared_data):
    return load_soc_index(shared_data / "lmi_soc/soc2020volume2thecodingindexexcel16102024.csv")


def test_the_index_keeps_every_line_and_says_what_repeats(index):
    assert len(index) == 32_155
    assert index["is_repeat"].sum() == 2_318
    titles = index["job_title"].str.casefold()
    first = index[~titles.duplicated()]
    assert (len(first), (first["n_unit_groups"] > 1).sum()) == (23_918, 2_443)
    assert problems_of(index).table["problem"].tolist() == [
        "2,318 lines say the same as an earlier one, and are kept",
        "2,443 of 23,918 different titles lead to more than one unit group",
    ]
    assert source_of(index).decisions[0].startswith("encoding cp1252")
    assert index["job_title"].str.contains("é").any()


def test_codes_are_split_into_unit_group_and_extension(index):
    first = index.iloc[0]
    assert (first["soc_code"], first["soc_unit_group"], first["soc_extension"]) == (
        "2439/99", "2439", "99",
    )  # fmt: skip
    vague = index["soc_code"] == "}}}}/}}"
    assert vague.sum() == 232
    assert (index.loc[vague, "soc_unit_group_reason"] == "not_classified").all()
    assert index.loc[~vague, "soc_unit_group"].str.fullmatch("[0-9]{4}").all()


def test_a_malformed_code_is_refused(save):
    with pytest.raises(RowProblemsError, match="'24/99' is not a code of the index"):
        load_soc_index(save("SOC_2020_ext,INDEXOCC\n24/99,Clerk\n"))


def test_full_rates_sum_to_the_published_means(shared_data):
    # Means: 2.13 (2017/18) and "three" (2018/19), State of the Nation 2018 and 2019.
    national = load_national_benchmarks(
        shared_data / "careers_benchmarks/gatsby_national_by_benchmark.csv"
    )
    means = national.groupby("time_period")["percent_achieved"].sum() / 100
    assert means.to_dict() == pytest.approx({"201718": 2.133, "201819": 3.03}, abs=5e-4)
    headlines = load_benchmark_headlines(shared_data / "careers_benchmarks/gatsby_headlines.csv")
    published = headlines[headlines["measure"] == "mean_benchmarks_achieved"]
    published = published.set_index("time_period")["value"]
    assert means["201718"] == pytest.approx(published["201718"], abs=0.05)
    assert means["201819"] == pytest.approx(published["201819"], abs=0.05)


def test_a_figure_nobody_published_is_blank_and_says_so(shared_data):
    national = load_national_benchmarks(
        shared_data / "careers_benchmarks/gatsby_national_by_benchmark.csv"
    )
    assert len(national) == 16
    fifth = national[(national["benchmark"] == "5") & (national["time_period"] == "201718")]
    assert fifth["percent_not_achieved"].isna().all()
    assert fifth["percent_not_achieved_reason"].tolist() == ["blank"]
    assert len(problems_of(national)) == 0


def test_headlines_keep_every_source(shared_data):
    headlines = load_benchmark_headlines(shared_data / "careers_benchmarks/gatsby_headlines.csv")
    assert len(headlines) == 18
    assert headlines["n_institutions_reason"].value_counts().to_dict() == {"blank": 7}
    row = headlines[headlines["population"] == "not in a careers hub"].iloc[0]
    assert (row["value"], row["n_institutions"]) == (4.37, 51)


def test_a_ninth_benchmark_is_refused(save):
    rows = "academic_year,benchmark,percent_achieved\n2017/18,9,50\n2017/19,1,50\n"
    with pytest.raises(RowProblemsError) as caught:
        load_national_benchmarks(save(rows))
    assert "'9' is not a Benchmark" in str(caught.value)
    assert "'2017/19' is not an academic year" in str(caught.value)
