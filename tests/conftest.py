"""What every test shares: the event loop, the order, and no skipping in CI."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

CI = os.environ.get("CI") == "true"
SLOW = Path(__file__).parent / "slow"

# How long an example takes says something about the machine, not about the code.  In CI
# the same examples every time: a red run is about the change, not about luck.
settings.register_profile("room-monitor", deadline=None, derandomize=CI)
settings.load_profile("room-monitor")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the monitor does."""
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in ``tests/slow`` as slow, and run it last."""
    for item in items:
        if item.path.is_relative_to(SLOW):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a test that was skipped is a test that failed."""
    if CI and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say why the run failed although no test did."""
    if CI and (skipped := _skipped(config)):
        terminalreporter.write_line(
            f"{skipped} skipped; with CI=true nothing may be skipped.", red=True
        )


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return 0 if reporter is None else len(reporter.stats.get("skipped", ()))
