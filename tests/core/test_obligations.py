"""The catalogue, applied to one room: who is asked what, for which device, from when."""

from datetime import UTC, date, datetime

from room_monitor.core.evaluation import Verdict
from room_monitor.core.events import (
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    Closing,
    ObligationLapsed,
    Source,
    VerdictChanged,
)
from room_monitor.core.ids import ObligationId, RequirementId
from room_monitor.core.obligations import Plan, plan, question
from room_monitor.core.requirements import (
    Daylight,
    DaylightShare,
    DoneBy,
    HeardFrom,
    Label,
    Requirement,
    Responds,
    StayKind,
    StaysInState,
    WithinRange,
)
from room_monitor.core.site import Role, RoomKind
from room_monitor.core.state import NEVER
from sensors.quantity import Quantity
from tests.core.play import (
    CHECKS,
    STAY,
    STEP,
    Story,
    catalogue,
    device,
    minute,
    minutes,
    reading,
    requirement,
    room,
)

WINDOW = device(Role.CLIMATE, "window")
WALL = device(Role.CLIMATE, "wall")
LOCK = device(Role.DOOR_LOCK)
CO2 = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200)
UNLOCKED = StaysInState(role=Role.DOOR_LOCK, quantity=Quantity.DOOR_LOCK, state=0)


def keys(of: Plan) -> list[str]:
    return [q.key for q in of.always]


def test_two_devices_of_one_role_are_both_asked() -> None:
    made = plan(room(WINDOW, WALL, LOCK), catalogue(requirement(CO2)))

    assert keys(made) == ["calm-1/asked/it/window", "calm-1/asked/it/wall"]


def test_people_are_asked_once_whatever_the_devices() -> None:
    made = plan(room(WINDOW, WALL), catalogue(requirement(DoneBy(fact="walls"))))

    assert keys(made) == ["calm-1/asked/it"]
    assert made.always[0].obligation.device is None


def test_every_device_is_asked_to_be_heard_from() -> None:
    made = plan(room(WINDOW, LOCK), catalogue(requirement(HeardFrom())))

    assert keys(made) == ["calm-1/asked/it/window", "calm-1/asked/it/door_lock"]


def test_nothing_is_asked_of_a_device_for_what_it_lacks() -> None:
    lacking = device(Role.CLIMATE, "wall", lacks=frozenset({Quantity.CO2}))
    made = plan(
        room(WINDOW, lacking),
        catalogue(requirement(CO2), requirement(HeardFrom(), name="heard")),
    )

    assert keys(made) == [
        "calm-1/asked/it/window",
        "calm-1/heard/it/window",
        "calm-1/heard/it/wall",
    ]


def test_nothing_is_asked_of_another_kind_of_room() -> None:
    bedrooms = requirement(CO2, rooms=[RoomKind.BEDROOM])

    assert plan(room(WINDOW), catalogue(bedrooms)).requirements == ()
    in_bedroom = plan(room(WINDOW, kind=RoomKind.BEDROOM), catalogue(bedrooms))
    assert keys(in_bedroom) == ["calm-1/asked/it/window"]


def test_what_is_asked_during_a_stay_is_asked_once_per_stay() -> None:
    made = plan(room(), catalogue(CHECKS))
    (obligation,) = made.during[StayKind.ENCLOSURE]

    assert made.always == ()
    assert [k for k, asked in made.during.items() if asked] == [StayKind.ENCLOSURE]
    assert question(obligation, STAY).key == "calm-1/checks/it@s1"


def test_every_verdict_carries_citation_label_and_catalogue() -> None:
    made = plan(room(WINDOW), catalogue(requirement(CO2)))

    assert made.always[0].obligation.source == Source(
        requirement=RequirementId("asked"),
        citation="Art. 1",
        label=Label.LAW,
        catalogue="1+0123456789ab",
    )


def test_a_reading_touches_only_what_it_can_change() -> None:
    fan = device(Role.VENTILATION)
    light = device(Role.DAYLIGHT)
    lamp = device(Role.LAMP)
    made = plan(
        room(WINDOW, WALL, fan, light, lamp),
        catalogue(
            requirement(CO2, name="co2"),
            requirement(HeardFrom(), name="heard"),
            requirement(
                Responds(
                    role=Role.VENTILATION,
                    quantity=Quantity.FAN_STATE,
                    answer_role=Role.CLIMATE,
                    answer=Quantity.AIR_FLOW,
                    low=20,
                    within=minutes(10),
                ),
                name="flows",
            ),
            requirement(
                Daylight(low=300, at_elevation=30, min_elevation=5, outdoor_share=0.01),
                name="daylight",
            ),
            requirement(
                DaylightShare(
                    low=300,
                    share=0.5,
                    window=minutes(1440),
                    day_night_ratio=10,
                    min_elevation=0,
                    min_coverage=0.5,
                ),
                name="share",
            ),
            requirement(CO2, name="in-stay", during=[StayKind.ENCLOSURE]),
        ),
    )

    def touched(name: str, quantity: Quantity) -> list[str]:
        asked = made.touched(made.devices[device(Role.LAMP, name).id].id, quantity)
        return [q.key.removeprefix("calm-1/") for q in asked]

    assert touched("window", Quantity.CO2) == ["co2/it/window", "heard/it/window"]
    assert touched("window", Quantity.AIR_FLOW) == [
        "heard/it/window",
        "flows/it/ventilation",
    ]
    assert touched("window", Quantity.BATTERY) == ["heard/it/window"]
    assert touched("ventilation", Quantity.FAN_STATE) == [
        "heard/it/ventilation",
        "flows/it/ventilation",
    ]
    assert touched("lamp", Quantity.LAMP_STATE) == [
        "heard/it/lamp",
        "daylight/it/daylight",
    ]
    assert touched("daylight", Quantity.DAYLIGHT_ILLUMINANCE) == [
        "heard/it/daylight",
        "daylight/it/daylight",
    ]
    in_stay = made.touched_in_stays(WINDOW.id, Quantity.CO2)
    assert [o.id for o in in_stay] == ["calm-1/in-stay/it/window"]
    assert made.touched_in_stays(WINDOW.id, Quantity.BATTERY) == ()


# --- From when until when -------------------------------------------------------------

LAW_OF_JUNE = requirement(
    UNLOCKED, valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 2)
)
BEGINS = datetime(2026, 5, 31, 22, tzinfo=UTC)  # midnight of the site, in summer time
LAPSES = datetime(2026, 6, 2, 22, tzinfo=UTC)
KEY = ObligationId("calm-1/asked/it/door_lock")


def test_a_requirement_is_valid_from_and_until_local_midnight() -> None:
    made = plan(room(LOCK), catalogue(LAW_OF_JUNE)).always[0].obligation

    assert (made.begins_at, made.ends_at) == (BEGINS, LAPSES)
    assert not made.in_force(BEGINS - STEP)
    assert made.in_force(BEGINS)
    assert made.in_force(LAPSES - STEP)
    assert not made.in_force(LAPSES)


def test_a_requirement_without_an_end_stays_in_force() -> None:
    made = plan(room(), catalogue(requirement(DoneBy(fact="walls")))).always[0]

    assert made.obligation.ends_at is None
    assert made.obligation.in_force(datetime(2200, 1, 1, tzinfo=UTC))


def test_on_the_nights_the_clocks_change_validity_follows_the_local_day() -> None:
    def days(valid: Requirement) -> tuple[datetime, datetime | None]:
        made = plan(room(), catalogue(valid)).always[0].obligation
        return made.begins_at, made.ends_at

    done = DoneBy(fact="walls")
    march, october = date(2026, 3, 29), date(2026, 10, 25)

    assert days(requirement(done, valid_from=march, valid_until=march)) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )
    assert days(requirement(done, valid_from=october, valid_until=october)) == (
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
    )


def locked_since_before(valid: Requirement) -> Story:
    slow = device(Role.DOOR_LOCK, interval=minutes(5000))
    story = Story(room(slow), valid, at=BEGINS - minutes(60))
    before = BEGINS - minutes(30)
    story.hears(reading(slow, Quantity.DOOR_LOCK, 1, before))
    return story


def test_nothing_is_judged_before_a_requirement_is_valid() -> None:
    story = locked_since_before(LAW_OF_JUNE)

    assert story.of(VerdictChanged) == []
    assert story.state.wake_at == BEGINS


def test_what_was_so_before_it_was_asked_is_a_breach_only_from_then_on() -> None:
    story = locked_since_before(LAW_OF_JUNE)
    story.waits(BEGINS + minutes(10))

    (opened,) = story.of(BreachOpened)
    assert isinstance(opened, BreachOpened)
    assert opened.began_at == BEGINS


def test_a_requirement_lapses_at_its_end_however_late_anybody_looks() -> None:
    story = locked_since_before(LAW_OF_JUNE)
    story.waits(BEGINS)
    (raised,) = story.of(AlertRaised)
    (opened,) = story.of(BreachOpened)
    assert isinstance(raised, AlertRaised)
    assert isinstance(opened, BreachOpened)
    assert story.state.wake_at == LAPSES

    assert story.waits(LAPSES + minutes(30)) == [
        BreachClosed(
            breach=opened.breach,
            obligation=KEY,
            closing=Closing.LAPSED,
            began_at=BEGINS,
            ended_at=LAPSES,
        ),
        AlertReturnedToNormal(alert=raised.alert, at=LAPSES),
        ObligationLapsed(obligation=KEY, at=LAPSES),
    ]
    assert story.state.standings == {}


def test_at_the_very_end_of_its_validity_a_requirement_wakes_nobody_again() -> None:
    story = locked_since_before(LAW_OF_JUNE)
    story.waits(LAPSES)

    assert story.state.standings == {}
    assert story.state.wake_at == NEVER


def test_a_lapse_that_is_noticed_by_a_reading_is_dated_all_the_same() -> None:
    story = locked_since_before(LAW_OF_JUNE)
    slow = story.state.plan.room.devices[0]
    story.waits(BEGINS)
    late = reading(slow, Quantity.DOOR_LOCK, 1, LAPSES + minutes(30))
    story.hears(late, seeing=False)

    (lapsed,) = story.of(ObligationLapsed)
    assert lapsed == ObligationLapsed(obligation=KEY, at=LAPSES)


def test_without_its_device_an_obligation_lapses_and_so_does_its_breach() -> None:
    story = Story(room(LOCK), requirement(UNLOCKED))
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 1, minute(1)))
    (opened,) = story.of(BreachOpened)
    (raised,) = story.of(AlertRaised)
    assert isinstance(opened, BreachOpened)
    assert isinstance(raised, AlertRaised)

    events = story.is_replanned(room(), requirement(UNLOCKED), at=minute(5))

    assert events == [
        BreachClosed(
            breach=opened.breach,
            obligation=KEY,
            closing=Closing.LAPSED,
            began_at=minute(1),
            ended_at=minute(5),
        ),
        AlertReturnedToNormal(alert=raised.alert, at=minute(5)),
        ObligationLapsed(obligation=KEY, at=minute(5)),
    ]
    assert story.state.standings == {}
    assert story.state.rechecks == {}


def test_a_device_that_is_gone_is_not_listened_to() -> None:
    story = Story(room(LOCK), requirement(UNLOCKED))
    story.is_replanned(room(), requirement(UNLOCKED), at=minute(5))

    assert story.hears(reading(LOCK, Quantity.DOOR_LOCK, 1, minute(6))) == []


def test_a_new_device_is_asked_from_when_it_is_there() -> None:
    story = Story(room(), requirement(UNLOCKED))
    events = story.is_replanned(room(LOCK), requirement(UNLOCKED), at=minute(5))

    (changed,) = events
    assert isinstance(changed, VerdictChanged)
    assert (changed.obligation, changed.verdict) == (KEY, Verdict.UNKNOWN)
