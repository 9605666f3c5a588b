"""``careerbench report``: packs from a release, at the command line."""

import pandas as pd
import pytest

from careerbench.cli import main
from careerbench.disclosure import Release, open_release


@pytest.fixture(scope="module")
def file(small_release, tmp_path_factory):
    path = tmp_path_factory.mktemp("release") / "small.release"
    schools = small_release.schools()
    silent = schools.head(1).assign(school_urn="900099", school_name="Silent Primary School")
    tables = {**small_release.tables, "schools": pd.concat([schools, silent], ignore_index=True)}
    Release(small_release.manifest, tables).save(path)
    return path


def test_packs_are_written_and_said_and_found_again(file, tmp_path, capsys):
    asked = ["report", str(file), "-o", str(tmp_path / "packs"), "--schools", "900001, programme",
             "--formats", "xlsx"]  # fmt: skip
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert "2 packs written to" in out
    assert "No pack for 900099: the release has no result under that number" in out
    assert f"fingerprint {open_release(file).fingerprint}" in out
    assert sorted(f.name for f in (tmp_path / "packs").iterdir()) == [
        "manifest.json", "programme.xlsx", "school-900001.xlsx",
    ]  # fmt: skip
    assert main(asked) == 0
    assert "0 packs written" in (again := capsys.readouterr().out)
    assert "2 packs there already from this release: skipped" in again


def test_a_bad_school_is_named_at_the_end_and_the_exit_code_is_one(small_release, tmp_path, capsys):
    tables = dict(small_release.tables)
    schools = tables["schools"].copy()
    schools.loc[schools["school_urn"] == "900002", "school_name"] = ""
    tables["schools"] = schools
    file = Release(small_release.manifest, tables).save(tmp_path / "bad.release")
    code = main(["report", str(file), "-o", str(tmp_path / "packs"), "--formats", "xlsx",
                 "--schools", "900001,900002,900003"])  # fmt: skip
    said = capsys.readouterr()
    assert code == 1
    assert "2 packs written" in said.out
    assert said.err.splitlines()[-1].startswith("not written: 900002: report: the release says no")


def test_what_is_no_release_is_refused(tmp_path, capsys):
    (tmp_path / "x.release").write_bytes(b"no zip")
    assert main(["report", str(tmp_path / "x.release"), "-o", str(tmp_path / "packs")]) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert not (tmp_path / "packs").exists()


def test_another_fingerprint_is_refused(file, tmp_path, capsys):
    asked = ["report", str(file), "-o", str(tmp_path / "p"), "--fingerprint", "0" * 64]
    assert main(asked) == 1
    assert "not the release that was announced" in capsys.readouterr().err
