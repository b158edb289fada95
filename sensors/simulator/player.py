"""What one box publishes in the course of a scenario.

It speaks when its interval is over and the moment something changes, in the format of its
family, with the noise of its sensors. Everything it says follows from the scenario, the
seed and the box.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import merge

from sensors.measurement import Measurement
from sensors.quantity import Quantity
from sensors.simulator.cast import Box, Role, SimulatedDevice, SimulationError
from sensors.simulator.curves import Constant, Curve, Presses, changes
from sensors.simulator.encode import FAMILIES, Voice
from sensors.simulator.noise import deviation, measured
from sensors.simulator.scenario import Scenario
from sensors.simulator.sky import Sky
from sensors.simulator.steps import Publish, Step

Dated = Callable[[timedelta], datetime]
"""From an offset to the instant that a device writes in its message, aware UTC."""

WAKING = timedelta(seconds=5)
"""Within this time every device has spoken once."""

WILL_AFTER = timedelta(seconds=90)
"""A broker gives up on a connection after 1.5 times the usual keep-alive of a minute."""

TAG = "04A2C3D4E5F680"

# How each family names a press: what its buttons say of a short one.
ACTIONS = {"zigbee2mqtt": "single", "tasmota": "SINGLE", "shelly_gen2": "single_push"}


class Player:
    """One box, whose parts each live a scenario of their own."""

    def __init__(
        self,
        box: Box,
        story_of: Callable[[SimulatedDevice], Scenario],
        *,
        seed: int,
        dated: Dated,
    ) -> None:
        """Find out what it can say.

        Raises:
            SimulationError: Its family is unknown or has no word for what it tells.
        """
        if box.profile not in FAMILIES:
            known = ", ".join(FAMILIES)
            message = f"{box.id}: profile '{box.profile}' is not one of {known}"
            raise SimulationError(message)
        self._box = box
        self._family = FAMILIES[box.profile]
        self._key = f"{seed}/{box.profile}/{box.topic}"
        self._dated = dated
        self._lines = [
            line for part in box.parts for line in self._learn(part, story_of(part))
        ]
        stories = [(part, story_of(part)) for part in box.parts]
        self._ends = min(story.duration for _, story in stories)
        self._silences = tuple(
            silence
            for part, story in stories
            for silence in story.silences
            if silence.role == part.role
        )
        self._numbers: dict[str | None, int] = {}

    def steps(self) -> Iterator[Step]:
        """All that it publishes, in the order of time."""
        spoken = (step for at in self._speaks_at() for step in self._speak(at))
        return merge(self._availability(), spoken, key=lambda step: step.offset)

    def _learn(
        self, part: SimulatedDevice, story: Scenario
    ) -> Iterator[tuple[Curve, Sky, Voice]]:
        """The part's curves, and how its family reports each."""
        curves = {
            quantity: curve
            for quantity, curve in story.curves.get(Role(part.role), {}).items()
            if quantity not in part.lacks
        }
        told = [q for q in curves if q is not Quantity.BATTERY]
        if told and not any(self._family.voice(q, part.channel) for q in told):
            message = (
                f"{part.id}: a device of profile '{part.profile}' cannot tell what a "
                f"{part.role} tells ({', '.join(told)})"
            )
            raise SimulationError(message)
        if self._family.signal is not None:
            curves[Quantity.LINK_QUALITY] = Constant(self._family.signal)
        for quantity, curve in curves.items():
            voice = self._family.voice(quantity, part.channel)
            if voice is not None:
                yield curve, story.sky, voice

    def _availability(self) -> Iterator[Step]:
        yield from self._be_there(timedelta(0), here=True)
        for silence in self._silences:
            if silence.noticed:
                yield from self._be_there(silence.begins + WILL_AFTER, here=False)
                if silence.ends is not None:
                    yield from self._be_there(silence.ends, here=True)

    def _be_there(self, offset: timedelta, *, here: bool) -> Iterator[Step]:
        if offset < self._ends:
            said = Measurement(Quantity.AVAILABILITY, float(here))
            yield from self._publish(offset, [said])

    def _speaks_at(self) -> list[timedelta]:
        interval = self._box.interval
        share = round(abs(deviation(f"{self._key}/wakes")), 3)
        wakes = min(WAKING, interval) * share
        beats = {
            wakes + n * interval for n in range((self._ends - wakes) // interval + 1)
        }
        # While a button is held its box does not repeat itself.
        beats -= {at for at in beats if self._is_pressed(at)}
        changed = {at for curve, *_ in self._lines for at in changes(curve)}
        return sorted(at for at in beats | changed if at < self._ends)

    def _is_pressed(self, offset: timedelta) -> bool:
        return any(
            isinstance(curve, Presses) and curve.value(offset, sky) > 0
            for curve, sky, _ in self._lines
        )

    def _speak(self, offset: timedelta) -> Iterator[Step]:
        if any(silence.covers(offset) for silence in self._silences):
            return
        at = self._dated(offset) if self._family.dates else None
        said: dict[Voice, Measurement] = {}
        for curve, sky, voice in self._lines:
            if voice not in said and (m := self._measure(offset, curve, sky, voice)):
                said[voice] = m._replace(measured_at=at)
        yield from self._publish(offset, [self._number(m) for m in said.values()])
        for channel in {m.channel for m in said.values()}:
            self._numbers[channel] = self._numbers.get(channel, 0) + 1

    def _measure(
        self, offset: timedelta, curve: Curve, sky: Sky, voice: Voice
    ) -> Measurement | None:
        quantity, channel = voice
        true = curve.value(offset, sky)
        if isinstance(curve, Presses):
            return _press(self._family.name, voice, true, curve.tag(offset))
        key = f"{self._key}/{channel}/{quantity}/{offset}"
        return Measurement(quantity, measured(quantity, true, key), channel=channel)

    def _number(self, m: Measurement) -> Measurement:
        if not self._family.numbers:
            return m
        return m._replace(sequence=self._numbers.get(m.channel, 0) + 1)

    def _publish(self, offset: timedelta, said: list[Measurement]) -> Iterator[Step]:
        for message in self._family.encode(self._box.topic, said):
            yield Step(offset, Publish(*message, device=self._box.id))


def _press(
    family: str, voice: Voice, pressed: float, tag: str | None
) -> Measurement | None:
    quantity, channel = voice
    match quantity:
        case Quantity.BUTTON_PRESS if pressed:
            tag = ACTIONS[family]
        case Quantity.PRESENCE_TAP if pressed:
            tag = tag or TAG
        case Quantity.BUTTON_PRESS | Quantity.PRESENCE_TAP if family != "native":
            return None  # these say when something is there, and nothing when not
        case _:
            tag = None
    return Measurement(quantity, pressed, channel=channel, tag=tag)
