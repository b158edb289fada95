"""Whatever happens in a night, nothing that was missed is lost, doubled or kept quiet.

The same nights each time; ``tests/slow/test_night.py`` plays others.
"""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.core.nights import Night

EXAMPLES = settings(
    max_examples=35,
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_a_night_keeps_all_promises() -> None:
    run_state_machine_as_test(Night, settings=EXAMPLES)
