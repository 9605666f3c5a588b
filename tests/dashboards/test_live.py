"""The release's notebook: it shows what ``careerbench dashboard`` names, and nothing elsewhere."""

import os
import subprocess
import sys
from dataclasses import replace

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from careerbench.dashboards import live


def shown(monkeypatch, release):
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(shell, "display_pub", publisher)
    live.show(release)
    return [output["data"] for output in publisher.outputs]


def test_the_named_release_is_opened(small_release, tmp_path):
    saved = replace(small_release)
    file = saved.save(tmp_path / "a.release")
    opened = live.served_release({live.RELEASE_VARIABLE: str(file)})
    assert opened.fingerprint == saved.fingerprint


def test_under_jupyter_server_nothing_is_opened(small_release, tmp_path, monkeypatch):
    file = replace(small_release).save(tmp_path / "a.release")
    there = {live.RELEASE_VARIABLE: str(file), "SERVER_SOFTWARE": "voila/0.5.13"}
    assert live.served_release(there) is None
    for name, value in there.items():
        monkeypatch.setenv(name, value)
    (data,) = shown(monkeypatch, live.served_release())
    assert "under Jupyter Server" in data["text/html"]
    assert 'role="alert"' in data["text/html"]


def test_without_a_name_it_says_what_to_do(monkeypatch):
    monkeypatch.delenv(live.RELEASE_VARIABLE, raising=False)
    (data,) = shown(monkeypatch, live.served_release({}))
    assert "careerbench dashboard NAME.release" in data["text/html"]


def test_a_release_is_shown_as_a_widget(small_release, monkeypatch):
    (data,) = shown(monkeypatch, small_release)
    assert "application/vnd.jupyter.widget-view+json" in data


def test_what_is_prepared_is_shown_by_a_kernel_without_pandas(small_release, tmp_path):
    file = tmp_path / "view.json"
    file.write_bytes(live.prepare(small_release))
    program = (
        "import sys\nfrom careerbench.dashboards import live\n"
        "view = live._view(live.served_release())\nstate = view.get_state()\n"
        "assert len(state['_esm']) > 20, state\n"
        "view.set_state({'address': 'view=change', 'title': 'forged', 'payload': 'forged'})\n"
        "after = view.get_state()\n"
        "assert after['address'] == 'view=change'\n"
        "assert 'forged' not in map(str, after.values())\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {live.VIEW_VARIABLE: str(file)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout.strip() == "[]", ran.stderr
