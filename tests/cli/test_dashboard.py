"""``careerbench dashboard``, as its user types it."""

from dataclasses import replace

import pytest

from careerbench import cli
from careerbench.dashboards import share


@pytest.fixture(scope="module")
def release_file(small_release, tmp_path_factory):
    return replace(small_release).save(tmp_path_factory.mktemp("cli") / "small.release")


@pytest.fixture
def served(monkeypatch):
    """What the command would have served."""
    seen = []
    monkeypatch.setattr(
        share, "serve_release", lambda path, **asked: seen.append((path, asked)) or 0
    )
    return seen


def run(capsys, *arguments):
    code = cli.main(["dashboard", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_it_serves_the_release_to_this_machine(capsys, served, release_file):
    assert run(capsys, release_file, "--no-browser")[0] == 0
    path, asked = served[0]
    assert path == release_file
    assert (asked["site"].address, asked["site"].port, asked["site"].password) == (
        "127.0.0.1",
        8866,
        "",
    )
    assert asked["open_browser"] is False


@pytest.mark.parametrize("name", ["", "schools.csv", "study.toml"])
def test_a_study_or_a_table_is_refused_and_told_what_to_do_first(
    capsys, served, sample_folder, name
):
    code, _, err = run(capsys, sample_folder / name)
    assert code == 1
    assert err.startswith("careerbench dashboard: dashboard shows releases only")
    assert err.splitlines()[-1] == "  try:   careerbench release FOLDER -o pilot.release"
    assert served == []


@pytest.mark.parametrize("arguments", [["--address", "0.0.0.0"],
                                       ["--address", "0.0.0.0", "--proxy-user-header", "X-User"]])  # fmt: skip
def test_an_open_address_asks_who_people_are(capsys, served, release_file, arguments):
    code, _, err = run(capsys, release_file, *arguments)
    assert code == 1
    assert "dashboard: " in err
    assert served == []


def test_the_password_comes_from_a_prompt_a_file_or_a_variable(
    capsys, served, release_file, tmp_path, monkeypatch
):
    file = tmp_path / "password.txt"
    file.write_text("words in a file\nmore\n", encoding="utf-8")
    monkeypatch.setattr("getpass.getpass", lambda _: "words at a prompt")
    run(capsys, release_file, "--password-file", file)
    run(capsys, release_file, "--password")
    monkeypatch.setenv("CAREERBENCH_PASSWORD", "words in a variable")
    run(capsys, release_file, "--address", "0.0.0.0")
    assert [asked["site"].password for _, asked in served] == [
        "words in a file", "words at a prompt", "words in a variable",
    ]  # fmt: skip


def test_a_password_on_the_command_line_is_taken_with_a_warning(capsys, served, release_file):
    _, out, err = run(capsys, release_file, "--password=four words of mine")
    assert [asked["site"].password for _, asked in served] == ["four words of mine"]
    assert "can be seen in this machine's list of processes" in err
    assert "four words" not in out + err


def test_an_empty_password_is_refused(capsys, served, release_file):
    code, _, err = run(capsys, release_file, "--password=")
    assert (code, served) == (1, [])
    assert "the password is empty" in err


def test_visitors_come_in_one_way(capsys, served, release_file, monkeypatch):
    monkeypatch.setenv("CAREERBENCH_PASSWORD", "words in a variable")
    code, _, err = run(capsys, release_file, "--password")
    assert (code, served) == (1, [])
    assert "words in" not in err


def test_one_file_is_written_and_not_written_over(capsys, release_file, tmp_path):
    target = tmp_path / "out.html"
    code, out, _ = run(capsys, release_file, "--static", target)
    assert code == 0
    assert f"{target.stat().st_size:,} bytes in one file" in out
    assert target.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    target.write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, release_file, "--static", target)
    assert (code, target.read_text(encoding="utf-8")) == (1, "mine")
    assert "--force" in err
    assert run(capsys, release_file, "--static", target, "--force")[0] == 0
    assert target.stat().st_size > 100


def test_a_release_that_is_not_there_is_told_in_words(capsys, tmp_path):
    code, _, err = run(capsys, tmp_path / "none.release", "--no-browser", "--port", "0")
    assert code == 1
    assert err.startswith("careerbench dashboard: open_release: 'none.release' cannot be used.")
