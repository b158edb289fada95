"""A monitor starts on what another version left behind, and says so."""

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from room_monitor.app import Monitor, act, plans_of
from room_monitor.clock import ManualClock, SystemClock
from room_monitor.control import Do, Request
from room_monitor.core.events import ConfigurationChanged, MonitorStarted, Trouble
from room_monitor.core.requirements import Priority, StayKind
from room_monitor.core.site import Role
from room_monitor.settings import Settings, SettingsError, load, load_sources
from room_monitor.store.sqlite_store import SqliteStore
from sensors.simulator import Role as SimulatedRole
from tests.support.engines import running
from tests.support.rooms import NOON

SITE = Path(__file__).parents[1] / "config/site.yaml"


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """A monitor that starts freezes what is there; the other tests need it collected."""
    yield
    gc.unfreeze()


@pytest.fixture
def settings() -> Settings:
    return load(SITE)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


def of_another_version(settings: Settings) -> dict[str, str]:
    """Texts that this version cannot read: a role is unknown to it."""
    sources = dict(settings.sources)
    role = settings.site.rooms[-1].devices[0].role.value
    sources["site.yaml"] = sources["site.yaml"].replace(role, "crystal_ball")
    with pytest.raises(SettingsError):
        load_sources(sources)
    return sources


async def test_settings_that_cannot_be_read_any_more_stop_no_start(
    tmp_path: Path, clock: ManualClock, settings: Settings
) -> None:
    """They stay in the store as they were; the log says from where on others hold."""
    kept = of_another_version(settings)
    async with running(tmp_path, clock, configuration="old"):
        pass
    with SqliteStore.open(tmp_path) as store:
        store.save_configuration("old", kept)
        before = store.head().position
        await Monitor(settings, store, clock).start()
        new = [entry.event for entry in store.entries(before)]
        changes = [event for event in new if isinstance(event, ConfigurationChanged)]

        assert [e.configuration for e in new if isinstance(e, MonitorStarted)] == [
            settings.hash
        ]
        assert changes == [
            ConfigurationChanged(
                at=NOON,
                configuration=settings.hash,
                catalogue=settings.catalogue.stamp,
                rooms=tuple(settings.site.by_id),
                changes=("the settings before these cannot be read by this version",),
            )
        ]
        in_force, old = store.configuration(), store.configuration("old")
        assert in_force is not None
        assert in_force.hash == settings.hash
        assert old is not None
        assert old.sources == kept

        # It is said once.
        after = store.head().position
        await Monitor(settings, store, clock).start()
        again = [entry.event for entry in store.entries(after)]
        assert not [e for e in again if isinstance(e, ConfigurationChanged)]


async def test_killed_before_saved_settings_came_into_force_the_change_is_told_at_the_start(
    tmp_path: Path, clock: ManualClock, settings: Settings
) -> None:
    with SqliteStore.open(tmp_path) as store:
        await Monitor(settings, store, clock).start()
        other = {
            **settings.sources,
            "site.yaml": settings.sources["site.yaml"].replace("name: ", "name: New "),
        }
        new = load_sources(other)
        store.save_configuration(new.hash, new.sources)  # and killed
        before = store.head().position
        await Monitor(new, store, clock).start()
        told = [entry.event for entry in store.entries(before)]

    assert [e.configuration for e in told if isinstance(e, ConfigurationChanged)] == [
        new.hash
    ]


async def test_what_an_earlier_run_found_wrong_is_watched_until_it_is_right(
    tmp_path: Path, clock: ManualClock, settings: Settings
) -> None:
    """Else people would be paged of it for ever, though it was mended long ago."""
    with SqliteStore.open(tmp_path) as store:
        before = Monitor(settings, store, clock)
        await before.start()
        turns = asyncio.create_task(before.engine.run())
        for trouble, subject in (
            (Trouble.BROKER_AWAY, ""),
            (Trouble.NOBODY_REACHABLE, "night"),  # its end is seen by who finds it
            (Trouble.MEMORY_HIGH, ""),
        ):
            await before.engine.trouble_found(trouble, subject, "", Priority.LOW)
        await before.engine.trouble_over(Trouble.MEMORY_HIGH, "")
        before.engine.stop()
        await turns

        after = Monitor(settings, store, clock)
        await after.start()
        vigil = after._new_vigil(tmp_path)

    assert vigil.troubles == ["broker_away"]


async def test_several_people_may_act_at_once_while_no_monitor_runs(
    tmp_path: Path, settings: Settings
) -> None:
    with SqliteStore.open(tmp_path) as store:
        await Monitor(settings, store, SystemClock()).start()
    begin = Request(
        do=Do.BEGIN_STAY, target="calm-1", role="staff", kind=StayKind.ENCLOSURE
    )
    answers = await asyncio.gather(
        *(act(tmp_path, replace(begin, key=key)) for key in ("k1", "k2", "k3"))
    )

    assert [answer.error for answer in answers] == [None, None, None]


async def test_at_the_very_first_start_nothing_has_changed(
    tmp_path: Path, clock: ManualClock, settings: Settings
) -> None:
    with SqliteStore.open(tmp_path) as store:
        await Monitor(settings, store, clock).start()
        events = [entry.event for entry in store.entries()]

    assert not [event for event in events if isinstance(event, ConfigurationChanged)]


def test_rooms_that_are_gone_are_asked_nothing(settings: Settings) -> None:
    *rest, gone = settings.site.rooms
    left = replace(settings, site=replace(settings.site, rooms=tuple(rest)))
    plans = plans_of(left, settings)

    assert plans.keys() == settings.site.by_id.keys()
    assert plans_of(settings)[gone.id].requirements != ()
    assert plans[gone.id].requirements == ()
    assert plans[gone.id].always == ()
    assert not any(plans[gone.id].during.values())
    assert all(plans[room.id].requirements for room in rest)
    assert gone.id not in plans_of(left)


def test_the_simulator_knows_every_role_a_device_can_have() -> None:
    assert {role.value for role in SimulatedRole} == {role.value for role in Role}
