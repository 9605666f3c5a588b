import json
import tomllib

import pytest

from careerbench.dashboards import places
from careerbench.errors import ReadError


def test_the_explorer_and_the_sample_study_are_found_wherever_careerbench_lies():
    assert json.loads(places.explorer_notebook().read_text(encoding="utf-8"))["nbformat"] == 4
    assert tomllib.loads((places.sample_folder() / "study.toml").read_text(encoding="utf-8"))


def test_a_name_that_is_not_shipped_is_refused():
    with pytest.raises(ReadError, match=r"^'notebooks/none\.ipynb' does not come with this copy"):
        places.resolve_shared("notebooks/none.ipynb")


def test_an_installed_copy_looks_only_inside_itself(monkeypatch, tmp_path):
    package = tmp_path / "site-packages" / "careerbench"
    (package / "_bundled" / "data_samples").mkdir(parents=True)
    monkeypatch.setattr(places, "_PACKAGE", package)
    assert places.sample_folder() == package / "_bundled" / "data_samples"
