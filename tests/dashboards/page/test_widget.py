"""The page as a widget: a release in, an address out."""

import pytest

from careerbench.errors import DisclosureError

pytest.importorskip("anywidget")


def test_a_widget_takes_a_release_and_keeps_the_view_in_its_address(small_release, payload):
    from careerbench.dashboards.page.widget import ReleaseView

    view = ReleaseView(small_release, address="view=year")
    assert view.payload == payload
    assert view.address == "view=year"
    view.close()


def test_a_widget_takes_nothing_but_a_release(pilot):
    from careerbench.dashboards.page.widget import ReleaseView

    with pytest.raises(DisclosureError, match="ReleaseView: only a Release"):
        ReleaseView(pilot)


def test_a_browser_can_change_neither_cells_nor_send_an_endless_address(small_release):
    import traitlets

    from careerbench.dashboards.page.widget import ReleaseView

    view = ReleaseView(small_release)
    view.set_state({"address": "x" * 100_000, "payload": {"title": "another"}})
    assert view.address == ""
    assert view.payload["title"] == small_release.title
    with pytest.raises(traitlets.TraitError):
        view.payload = {}
    view.close()
