"""Questions protected in several processes are the questions protected in one."""

from dataclasses import replace

import pandas as pd
import pytest

from careerbench import disclosure
from careerbench.disclosure.populations import populations_of
from careerbench.disclosure.questions import Question, protect_questions
from careerbench.errors import BadArgumentError, DisclosureError


def test_several_processes_give_the_release_of_one(small_pilot, small_release):
    told = []
    release = disclosure.build_release(
        small_pilot, workers=2, progress=lambda *said: told.append(said)
    )
    pd.testing.assert_frame_equal(release.cells(), small_release.cells())
    assert release.manifest == small_release.manifest
    n_questions = len(told) - 1
    assert [done for done, _, _ in told] == list(range(n_questions + 1))
    assert told[0][2] == "pupils, pu_jobs, baseline"


def test_an_error_in_another_process_arrives_whole(small_pilot):
    form = next(iter(populations_of(small_pilot)))
    questions = [Question((replace(form, unit="parents"),)), Question((form,))]
    for workers in (1, 2):
        with pytest.raises(DisclosureError, match="has no threshold for parents") as refused:
            list(protect_questions(questions, disclosure.load_policy(), workers=workers))
        assert refused.value.hint == "[threshold] parents = ... in a policy file of your own"


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "2"])
def test_a_number_of_processes_that_is_none_is_refused(small_pilot, workers):
    with pytest.raises(BadArgumentError, match="workers must be a whole number of 1 or more"):
        disclosure.build_release(small_pilot, workers=workers)
