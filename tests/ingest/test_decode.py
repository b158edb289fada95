"""A message becomes readings of the devices that live at its topic, or says why not."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.readings import Reading
from room_monitor.core.site import DatedBy, Role, Site
from room_monitor.ingest import decode
from room_monitor.ingest.decode import Rejection, Router, Said
from sensors.quantity import Quantity
from tests.ingest.places import NOW, device, room, site

CALM = RoomId("calm-1")


def native(at: datetime | None = None, **readings: object) -> bytes:
    message: dict[str, object] = {"v": 1, "readings": readings}
    if at is not None:
        message["at"] = at.isoformat()
    return json.dumps(message).encode()


def read(
    place: Site, topic: str, payload: bytes | str, *, retained: bool = False
) -> Said:
    raw = payload.encode() if isinstance(payload, str) else payload
    return Router(place).read(topic, raw, received_at=NOW, retained=retained)


def values(said: Said) -> list[tuple[str, Quantity, float]]:
    return [(r.device, r.quantity, r.value) for r in said.readings]


# --- Who is meant --------------------------------------------------------------------


def test_a_reading_says_all_that_is_known() -> None:
    payload = json.dumps(
        {
            "v": 1,
            "at": "2026-11-22T09:59:59Z",
            "seq": 7,
            "readings": {"presence_tap": {"tag": "04A2"}},
        }
    )
    place = site(device("tap", Role.PRESENCE_TAP))

    assert read(place, "haven/tap", payload, retained=True) == Said(
        readings=(
            Reading(
                room=CALM,
                device=DeviceId("tap"),
                quantity=Quantity.PRESENCE_TAP,
                value=1.0,
                at=NOW,
                received_at=NOW,
                measured_at=NOW - timedelta(seconds=1),
                sequence=7,
                late=False,
                retained=True,
                tag="04A2",
            ),
        )
    )


def test_a_box_that_does_two_jobs_speaks_in_each_for_itself() -> None:
    place = site(
        device("door", Role.DOOR_CONTACT, "haven/door"),
        device("lock", Role.DOOR_LOCK, "haven/door"),
    )

    said = read(place, "haven/door", native(door_contact="closed", door_lock="locked"))

    assert values(said) == [
        ("door", Quantity.DOOR_CONTACT, 0.0),
        ("lock", Quantity.DOOR_LOCK, 1.0),
    ]


def test_a_device_that_rooms_share_speaks_in_each_of_them() -> None:
    outdoor = device("outdoor", Role.OUTDOOR_DAYLIGHT, "haven/outdoor")
    place = Site(name="x", rooms=(room("calm-1", [outdoor]), room("calm-2", [outdoor])))

    said = read(place, "haven/outdoor", native(daylight_illuminance=900))

    assert [(r.room, r.device) for r in said.readings] == [
        ("calm-1", "outdoor"),
        ("calm-2", "outdoor"),
    ]


def test_a_channel_is_heard_alone_with_the_condition_of_the_whole() -> None:
    plug = {"state_l1": "ON", "state_l2": "OFF", "battery": 80, "linkquality": 90}
    place = site(
        device("lamp", Role.LAMP, "z/plug", profile="zigbee2mqtt", channel="l1"),
        device("fan", Role.VENTILATION, "z/plug", profile="zigbee2mqtt", channel="l2"),
    )

    said = read(place, "z/plug", json.dumps(plug))

    assert values(said) == [
        ("lamp", Quantity.LAMP_STATE, 1.0),
        ("lamp", Quantity.BATTERY, 80.0),
        ("lamp", Quantity.LINK_QUALITY, 90.0),
        ("fan", Quantity.FAN_STATE, 0.0),
        ("fan", Quantity.BATTERY, 80.0),
        ("fan", Quantity.LINK_QUALITY, 90.0),
    ]


def test_the_condition_of_another_part_is_not_that_of_this_one() -> None:
    topic = "shelly/status/bthomedevice:201"
    place = site(
        device(
            "tap",
            Role.PRESENCE_TAP,
            "shelly",
            profile="shelly_gen2",
            channel="bthomedevice:200",
        )
    )

    assert read(place, topic, '{"battery": 5}') == Said()


@pytest.mark.parametrize(
    ("profile", "base", "topic", "payload"),
    [
        ("native", "haven/lamp", "haven/lamp", native(lamp_state="on")),
        ("zigbee2mqtt", "z/lamp", "z/lamp", b'{"state": "ON"}'),
        ("tasmota", "lamp", "stat/lamp/POWER", b"ON"),
        ("tasmota", "lamp", "tele/lamp/STATE", b'{"POWER": "ON"}'),
        ("shelly_gen2", "lamp", "lamp/status/switch:0", b'{"output": true}'),
    ],
)
def test_every_family_is_heard_on_its_own_topics(
    profile: str, base: str, topic: str, payload: bytes
) -> None:
    place = site(device("lamp", Role.LAMP, base, profile=profile))

    assert values(read(place, topic, payload)) == [("lamp", Quantity.LAMP_STATE, 1.0)]


@pytest.mark.parametrize(
    ("topic", "known"),
    [
        ("z/lamp/set", True),
        ("tele/lamp2/INFO1", True),
        ("box/command", True),
        ("z/other", False),
        ("tele/other/SENSOR", False),
        ("haven/lamp2", False),
        ("haven", False),
        ("", False),
    ],
)
def test_what_belongs_to_a_device_is_told_from_what_is_strange(
    topic: str, *, known: bool
) -> None:
    place = site(
        device("lamp", Role.LAMP, "z/lamp", profile="zigbee2mqtt"),
        device("lamp2", Role.LAMP, "lamp2", profile="tasmota"),
        device("fan", Role.VENTILATION, "box", profile="shelly_gen2"),
        device("climate", Role.CLIMATE, "haven/climate"),
    )

    assert read(place, topic, b"{}") == Said(known=known)


def test_what_nobody_asked_for_is_no_reading_and_no_error() -> None:
    place = site(device("climate", Role.CLIMATE))

    assert read(place, "haven/climate", native(door_lock="locked")) == Said()


def test_topics_that_a_wildcard_matched_are_remembered_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decode, "MOST_REMEMBERED", 3)
    router = Router(site(device("fan", Role.VENTILATION, "f", profile="tasmota")))

    for number in range(10):
        said = router.read(
            f"stat/f/POWER{number}", b"ON", received_at=NOW, retained=False
        )
        assert said.known
    assert len(router._addresses) <= 3


# --- What is refused -----------------------------------------------------------------


def test_a_refusal_names_all_who_live_there_and_the_key() -> None:
    place = site(
        device("door", Role.DOOR_CONTACT, "haven/door"),
        device("lock", Role.DOOR_LOCK, "haven/door"),
    )

    assert read(place, "haven/door", native(door_lock="ajar")) == Said(
        rejections=(
            Rejection(
                (DeviceId("door"), DeviceId("lock")),
                "door_lock is 'ajar', not one of unlocked, locked",
            ),
        )
    )


@given(
    st.sampled_from(["haven/climate", "z/l", "tele/f/SENSOR", "stat/f/x", "b/online"]),
    st.binary(max_size=200),
)
def test_whatever_comes_in_there_is_an_answer(topic: str, payload: bytes) -> None:
    place = site(
        device("climate", Role.CLIMATE),
        device("l", Role.LAMP, "z/l", profile="zigbee2mqtt"),
        device("f", Role.VENTILATION, "f", profile="tasmota"),
        device("b", Role.MEDIA, "b", profile="shelly_gen2"),
    )

    said = read(place, topic, payload)

    assert said.known
    assert not (said.readings and said.rejections)


# --- Dating --------------------------------------------------------------------------


def dated(by: DatedBy, measured_at: datetime | None) -> Said:
    place = site(device("climate", Role.CLIMATE, dated_by=by))
    return read(place, "haven/climate", native(measured_at, co2=800))


@pytest.mark.parametrize("ago", [-3600, -2, 0, 59, 86_400, 30 * 86_400])
def test_our_clock_dates_and_the_time_of_the_device_is_kept_beside(ago: int) -> None:
    measured_at = NOW - timedelta(seconds=ago)

    (reading,) = dated(DatedBy.ARRIVAL, measured_at).readings

    assert (reading.at, reading.measured_at, reading.late) == (NOW, measured_at, False)


@pytest.mark.parametrize(
    ("ago", "at_ago", "late"),
    [
        (-2, 0, False),  # a clock a little ahead: not in the future
        (0, 0, False),
        (60, 60, False),
        (61, 61, True),
        (7 * 86_400, 7 * 86_400, True),
    ],
)
def test_a_device_with_a_good_clock_dates_its_own_readings(
    ago: int, at_ago: int, *, late: bool
) -> None:
    measured_at = NOW - timedelta(seconds=ago)

    (reading,) = dated(DatedBy.DEVICE, measured_at).readings

    assert reading.at == NOW - timedelta(seconds=at_ago)
    assert reading.late is late
    assert reading.received_at == NOW
    assert reading.measured_at == measured_at


def test_without_a_time_of_its_own_the_arrival_dates() -> None:
    (reading,) = dated(DatedBy.DEVICE, None).readings

    assert (reading.at, reading.measured_at, reading.late) == (NOW, None, False)


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        (
            -3,
            "2026-11-22T10:00:03+00:00, 3 s after it arrived; set its clock",
        ),
        (
            8 * 86_400,
            "2026-11-14T10:00:00+00:00, 8 days before it arrived; at most 7 are taken",
        ),
    ],
)
def test_an_absurd_time_is_refused(ago: int, reason: str) -> None:
    said = dated(DatedBy.DEVICE, NOW - timedelta(seconds=ago))

    whole = f"the device's time is {reason}"
    assert said == Said(rejections=(Rejection((DeviceId("climate"),), whole),))


def test_one_device_is_refused_what_another_is_believed() -> None:
    place = site(
        device("door", Role.DOOR_CONTACT, "haven/door"),
        device("lock", Role.DOOR_LOCK, "haven/door", dated_by=DatedBy.DEVICE),
    )
    payload = native(NOW + timedelta(hours=1), door_contact="open", door_lock="locked")

    said = read(place, "haven/door", payload)

    assert values(said) == [("door", Quantity.DOOR_CONTACT, 1.0)]
    assert [r.devices for r in said.rejections] == [("lock",)]
