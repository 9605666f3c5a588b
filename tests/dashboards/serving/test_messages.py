"""What passes is what a picker sends; the rest is refused before the kernel sees a byte of it."""

import pytest

from careerbench.dashboards.serving.limits import LARGEST_MESSAGE
from careerbench.dashboards.serving.messages import Refused, Rules, accept

RULES = Rules(traits=frozenset({"choice"}), events=frozenset({"click"}))
UPDATE = {"comm_id": "a", "data": {"method": "update", "state": {"choice": 1}, "buffer_paths": []}}
OPEN = {"comm_id": "a", "target_name": "jupyter.widget.control", "data": {}}


def change(**data):
    return {"comm_id": "a", "data": data}


@pytest.mark.parametrize(
    ("kind", "content", "channel"),
    [
        ("kernel_info_request", {}, "shell"),
        ("kernel_info_request", {}, "control"),
        ("comm_info_request", {"target_name": "jupyter.widget"}, "shell"),
        ("comm_open", OPEN, "shell"),
        ("comm_close", {"comm_id": "a", "data": {}}, "shell"),
        ("comm_msg", UPDATE, "shell"),
        ("comm_msg", change(method="request_states"), "shell"),
        ("comm_msg", change(method="custom", content={"event": "click"}), "shell"),
    ],
)
def test_what_a_page_sends_passes(message, kind, content, channel):
    accept(message(kind, content, channel=channel), RULES)


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub", "", "Shell"])
@pytest.mark.parametrize(
    "kind",
    ["execute_request", "inspect_request", "complete_request", "history_request", "is_complete_request",
     "debug_request", "interrupt_request", "shutdown_request", "input_reply", "create_subshell_request",
     "EXECUTE_REQUEST", "comm_msg\u0000", "", None, 7, ["comm_msg"]],
)  # fmt: skip
def test_no_other_type_passes_on_any_channel(message, kind, channel):
    with pytest.raises(Refused):
        accept(message(kind, {"code": "1", "silent": False}, channel=channel), RULES)


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "\x00shell"])
def test_a_choice_goes_by_its_own_channel(message, channel):
    with pytest.raises(Refused):
        accept(message("comm_msg", UPDATE, channel=channel), RULES)


@pytest.mark.parametrize(
    "data",
    [
        {"method": "update", "state": {"_esm": "x"}},
        {"method": "update", "state": {"choice": 1, "layout": "x"}},
        {"method": "update", "state": ["choice"]},
        {"method": "update", "state": {"choice": 1}, "buffer_paths": [["choice"]]},
        {"method": "custom", "content": {"event": "submit"}},
        {"method": "custom", "content": "click"},
        {"method": "custom"},
        {"method": "backbone"},
        {},
        None,
        "x",
    ],
)
def test_a_change_of_anything_but_the_pickers_is_refused(message, data):
    with pytest.raises(Refused):
        accept(message("comm_msg", {"comm_id": "a", "data": data}), RULES)


@pytest.mark.parametrize("target", ["jupyter.widget", "hv-extension-comm", "", None, 3])
def test_no_line_opens_to_anything_but_the_widgets(message, target):
    with pytest.raises(Refused):
        accept(message("comm_open", {**OPEN, "target_name": target}), RULES)


def test_no_data_comes_with_the_opening_of_a_line(message):
    with pytest.raises(Refused):
        accept(message("comm_open", {**OPEN, "data": {"state": {}}}), RULES)


@pytest.mark.parametrize(
    "parts",
    [
        {0: b'{"msg_type": "execute_request", "msg_type": "comm_msg"}'},
        {0: b'{"msg_type": "comm_msg", "msg_type": "execute_request"}'},
        {3: b'{"data": {}, "data": {"method": "request_states"}}'},
        {3: b'{"data": {"method": "update", "state": {"_esm": 1, "_esm": 2}}}'},
        {0: b'{"msg_type": "comm_msg", "\\u006dsg_type": "execute_request"}'},
        {0: b"[]"},
        {0: b""},
        {0: b"\xff"},
        {1: b"null"},
        {3: b'{"data": NaN}'},
        {3: b"[" * 100_000},
        {0: b'{"msg_type": "comm_msg", "subshell_id": "x"}'},
        {0: b'{"msg_type": "comm_msg", "extra": "x"}'},
        {0: b'{"msg_type": "comm_msg", "session": {"a": 1}}'},
    ],
)
def test_json_that_could_be_read_two_ways_is_refused(message, parts):
    with pytest.raises(Refused):
        accept(message("comm_msg", UPDATE, parts=parts), RULES)


@pytest.mark.parametrize(
    "sent",
    [
        "text",
        "",
        None,
        b"",
        b"\x00" * 7,
        b"\xff" * 64,
        (2**62).to_bytes(8, "little") * 8,
    ],
)
def test_bytes_that_lie_about_their_length_are_refused(sent):
    with pytest.raises(Refused):
        accept(sent, RULES)


def test_a_message_cut_off_or_with_more_at_its_end_is_refused(message):
    whole = message("comm_msg", UPDATE)
    for sent in (whole[:-1], whole + b"x", message("comm_msg", UPDATE, buffers=[b"x"])):
        with pytest.raises(Refused):
            accept(sent, RULES)


def test_parts_that_overlap_are_refused(message):
    sent = bytearray(message("comm_msg", UPDATE))
    sent[8 * 3 : 8 * 4], sent[8 * 4 : 8 * 5] = sent[8 * 4 : 8 * 5], sent[8 * 3 : 8 * 4]
    with pytest.raises(Refused, match="overlap"):
        accept(bytes(sent), RULES)


def test_a_message_over_the_limit_is_refused(message):
    long = {
        "comm_id": "a",
        "data": {"method": "update", "state": {"choice": "x" * LARGEST_MESSAGE}},
    }
    with pytest.raises(Refused, match="too long"):
        accept(message("comm_msg", long), RULES)


def test_the_reason_says_nothing_of_the_message(message):
    with pytest.raises(Refused) as refused:
        accept(message("execute_request", {"code": "SECRET"}), RULES)
    assert "SECRET" not in str(refused.value)
