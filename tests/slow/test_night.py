"""Nights nobody has played before, and each stay judged again from its begin.

A night that fails is told as a story, with the seed: give it to pytest as
``--hypothesis-seed`` to play it again. In CI the same nights each time.
"""

import secrets

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.conftest import CI
from tests.core.nights import Night


class LongNight(Night):
    """With more in it, looked at more closely."""

    deep = True


NIGHTS = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_no_night_breaks_a_promise(pytestconfig: pytest.Config) -> None:
    given = pytestconfig.getoption("--hypothesis-seed")
    chance = 20260328 if CI else secrets.randbits(32)
    if given not in (None, "random"):
        chance = int(given)
    print(f"--hypothesis-seed={chance}")  # noqa: T201 - shown when it fails

    played = get_state_machine_test(LongNight, settings=NIGHTS)
    seed(chance)(played)()
