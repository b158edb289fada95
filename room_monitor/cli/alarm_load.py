"""``room-monitor alarms --load``."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from room_monitor.cli import alarm_load_wording as words
from room_monitor.cli.instants import instant, local, span
from room_monitor.cli.look import Look
from room_monitor.cli.options import Language
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.wording import PRIORITIES, Words
from room_monitor.core.ids import RoomId, ShiftId
from room_monitor.core.requirements import Priority
from room_monitor.core.views.alarm_figures import Figures, Pages, Times
from room_monitor.core.views.alarm_load import (
    LOAD_EVENTS,
    AlarmLoad,
    ShiftLoad,
    Slot,
    alarm_load,
)
from room_monitor.core.views.alarm_sources import Flapping, Source, SourceKind
from room_monitor.core.views.alert_lives import Life, Needed

LOOK_BACK = "28 d"
"""Four weeks: every shift of the week comes four times."""

SHOWN = 8
"""How many sources, busy shifts and the like are listed for people."""


def say_load(
    seen: Look,
    room: str | None,
    since: str | None,
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Say how often people were claimed in a period, and by what.

    Args:
        seen: The state folder.
        room: Only what is about this room, which is known to exist.
        since: What the user wrote; ``None`` for ``LOOK_BACK``.
        language: Of the words.
        as_json: For machines.

    Raises:
        Failure: ``since`` is no instant.
    """
    load = alarm_load(
        seen.known(seen.store.entries(types=LOAD_EVENTS)),
        seen.settings.rota.shifts,
        str(seen.zone),
        since=instant(since or LOOK_BACK, seen.zone, seen.now),
        now=seen.at,
        room=None if room is None else RoomId(room),
    )
    if as_json:
        say_json(_shape(load))
        return
    _Sheet(console(), seen, load, language).say()


# --- For people --------------------------------------------------------------------------


class _Sheet:
    """What is said of a load, in one language."""

    def __init__(
        self, out: Console, seen: Look, load: AlarmLoad, language: Language
    ) -> None:
        self._out = out
        self._seen = seen
        self._load = load
        self._in = language

    def say(self) -> None:
        """All of it."""
        load = self._load
        title = words.PERIOD.to(self._in).format(
            since=local(load.since, self._seen.zone),
            until=local(load.until, self._seen.zone),
        )
        if load.room is not None:
            title += words.IN_ROOM.to(self._in).format(load.room)
        self._out.print(Text(title, "bold"))
        if load.total.alerts:
            self._totals()
            self._shifts()
            self._sources()
            self._flapping()
        else:
            self._line(words.NONE.to(self._in))
            self._line(f"  {self._pages(load.pages)}")
        self._stale()
        self._what_is_not_in_it()

    def _totals(self) -> None:
        figures = self._load.total
        alerts = words.ALERTS.to(self._in).format(alerts=figures.alerts)
        urgent = ", ".join(
            f"{count} {PRIORITIES[priority].to(self._in)}"
            for priority, count in figures.by_priority.items()
            if count
        )
        never = words.NOT_TAKEN.to(self._in).format(
            never=figures.never_taken, waiting=figures.waiting
        )
        taken, lasted = self._times(figures.taken), self._times(figures.lasted)
        self._line(f"{alerts}: {urgent}")
        for line in (
            self._pages(self._load.pages),
            words.NEEDED.to(self._in).format(needed(figures, self._in)),
            *(f"  {count:>4}  {why}" for count, why in self._grounds(figures)),
            words.TAKEN.to(self._in).format(taken) + never,
            words.LASTED.to(self._in).format(lasted, still=figures.still_open),
            words.AGAIN.to(self._in).format(
                again=figures.came_back, aside=figures.shelved
            ),
        ):
            self._line(f"  {line}")

    def _grounds(self, figures: Figures) -> Iterator[tuple[int, str]]:
        for ground, count in figures.grounds.items():
            yield count, words.GROUNDS[ground].to(self._in)

    def _pages(self, pages: Pages) -> str:
        return words.PAGES.to(self._in).format(
            alerts=pages.alerts,
            prompts=pages.prompts,
            others=pages.others,
            failed=pages.failed,
        )

    def _times(self, times: Times) -> str:
        if not times.count:
            return words.NEVER.to(self._in)
        return words.TIMES.to(self._in).format(
            count=times.count,
            median=_span(times.median),
            p90=_span(times.p90),
            longest=_span(times.longest),
        )

    def _shifts(self) -> None:
        load = self._load
        slots = [slot for shift in load.shifts for slot in shift.slots]
        if load.by_shift:
            rows = self._table(words.PER_SHIFT, words.SHIFT_COLUMNS)
            for shift in load.shifts:
                rows.add_row(*self._shift(shift))
            self._out.print(rows)
            slots = sorted(slots, key=lambda s: (-s.figures.alerts, s.began_at))[:SHOWN]
        title = words.BUSIEST if load.by_shift else words.PER_DAY
        rows = self._table(title, words.SLOT_COLUMNS)
        for slot in slots:
            if slot.figures.alerts:
                rows.add_row(*self._slot(slot))
        self._out.print(rows)

    def _shift(self, shift: ShiftLoad) -> Iterator[str]:
        yield self._name(shift.shift)
        yield str(len(shift.slots))
        yield str(shift.figures.alerts)
        yield "–" if shift.usual is None else f"{shift.usual:g}"
        yield str(shift.most)
        yield str(shift.pages.alerts)
        yield str(shift.pages.failed)
        yield needed(shift.figures, self._in)
        yield _span(shift.figures.taken.median)
        yield _span(shift.figures.taken.p90)

    def _slot(self, slot: Slot) -> Iterator[str]:
        there = slot.began_at.astimezone(self._seen.zone)
        began = f"{there:%Y-%m-%d %H:%M}"
        yield began if slot.whole else f"{began} {words.CUT.to(self._in)}"
        yield self._name(slot.shift) if self._load.by_shift else ""
        yield str(slot.figures.alerts)
        yield str(slot.figures.by_priority[Priority.URGENT])
        yield str(slot.pages.alerts)
        yield str(slot.pages.failed)
        yield needed(slot.figures, self._in)
        yield _span(slot.figures.taken.median)
        yield span(slot.blind) if slot.blind else ""

    def _name(self, shift: ShiftId | None) -> str:
        return words.NOBODY.to(self._in) if shift is None else shift

    def _sources(self) -> None:
        for kind in SourceKind:
            found = [s for s in self._load.sources if s.kind is kind][:SHOWN]
            if not found or kind is SourceKind.DEVICE:
                continue  # an obligation names its device
            title = f"{words.WORST.to(self._in)}: {words.KINDS[kind].to(self._in)}"
            rows = self._table(title, words.SOURCE_COLUMNS, wide=4)
            for source in found:
                rows.add_row(*self._source(source))
            self._out.print(rows)

    def _source(self, source: Source) -> Iterator[str]:
        yield str(source.figures.alerts)
        yield str(source.figures.needed[Needed.NOTHING])
        yield needed(source.figures, self._in)
        yield str(source.figures.came_back)
        yield source.name

    def _flapping(self) -> None:
        if not self._load.flapping:
            return
        rows = self._table(words.FLAPPING, words.FLAPPING_COLUMNS, wide=3)
        for each in self._load.flapping[:SHOWN]:
            ended = local(each.ended_at, self._seen.zone)
            rows.add_row(str(each.alerts), str(each.most), ended, each.source)
        self._out.print(rows)

    def _stale(self) -> None:
        if not self._load.stale:
            return
        rows = self._table(words.STALE, words.STALE_COLUMNS, wide=4)
        for life in self._load.stale[:SHOWN]:
            rows.add_row(
                life.alert,
                local(life.raised_at, self._seen.zone),
                span(life.lasted(self._load.until)),
                (words.OPEN if life.is_open else words.OVER).to(self._in),
                life.source,
            )
        self._out.print(rows)

    def _what_is_not_in_it(self) -> None:
        load = self._load
        self._out.print()
        if load.total.grouped or load.total.inhibited:
            held = words.HELD.to(self._in)
            self._line(
                held.format(grouped=load.total.grouped, inhibited=load.total.inhibited)
            )
        apart = words.APART if load.room is None else words.APART_IN_ROOM
        troubles = sum(load.troubles.values())
        self._line(apart.to(self._in).format(drills=load.drills, troubles=troubles))
        if load.blind:
            self._line(words.BLIND.to(self._in).format(span(load.blind)))
        self._line(words.NO_FIGURE.to(self._in))

    def _table(
        self, title: Words | str, columns: Words, wide: int | None = None
    ) -> Table:
        named = title if isinstance(title, str) else title.to(self._in)
        shares = () if wide is None else (wide,)
        return table(*columns.to(self._in).split("|"), title=named, shares=shares)

    def _line(self, text: str) -> None:
        self._out.print(text, soft_wrap=not self._out.is_terminal)


def needed(figures: Figures, language: Language) -> str:
    """How many needed action, of how many of which that is known; no share of a few."""
    text = words.OF.to(language).format(
        action=figures.needed[Needed.ACTION], known=figures.known
    )
    if figures.share is not None:
        text += f" ({100 * figures.share:.0f} %)"
    unknown = figures.needed[Needed.UNKNOWN]
    return text + words.UNKNOWN.to(language).format(unknown) if unknown else text


def _span(time: timedelta | None) -> str:
    return "–" if time is None else span(time)


# --- For machines ------------------------------------------------------------------------


def _shape(load: AlarmLoad) -> dict[str, object]:
    return {
        "since": load.since,
        "until": load.until,
        "room": load.room,
        "by_shift": load.by_shift,
        "total": {**_figures(load.total), "pages": load.pages},
        "rooms": [
            {"room": room, **_figures(figures)} for room, figures in load.rooms.items()
        ],
        "shifts": [
            {
                "shift": shift.shift,
                "counted": shift.counted,
                "usual": shift.usual,
                "most": shift.most,
                **_figures(shift.figures),
                "pages": shift.pages,
                "slots": [_slot_shape(slot) for slot in shift.slots],
            }
            for shift in load.shifts
        ],
        "sources": [
            {"kind": source.kind, "name": source.name, **_figures(source.figures)}
            for source in load.sources
        ],
        "flapping": _flapping_shape(load.flapping),
        "stale": [_stale_shape(life, load) for life in load.stale],
        "not_counted": {
            "drills": load.drills,
            "grouped": load.total.grouped,
            "inhibited": load.total.inhibited,
            "troubles": [
                {"trouble": trouble, "times": times}
                for trouble, times in load.troubles.items()
            ],
        },
        "blind_for": load.blind,
    }


def _figures(figures: Figures) -> dict[str, object]:
    return {
        "alerts": figures.alerts,
        "priorities": figures.by_priority,
        "needed": figures.needed,
        "grounds": figures.grounds,
        "known": figures.known,
        "share": figures.share,
        "taken": figures.taken,
        "never_taken": figures.never_taken,
        "waiting": figures.waiting,
        "lasted": figures.lasted,
        "still_open": figures.still_open,
        "came_back": figures.came_back,
        "shelved": figures.shelved,
    }


def _slot_shape(slot: Slot) -> dict[str, object]:
    return {
        "began_at": slot.began_at,
        "ended_at": slot.ended_at,
        "whole": slot.whole,
        **_figures(slot.figures),
        "pages": slot.pages,
        "troubles": slot.troubles,
        "blind_for": slot.blind,
    }


def _flapping_shape(flapping: Sequence[Flapping]) -> list[dict[str, object]]:
    return [
        {
            "obligation": each.source,
            "alerts": each.alerts,
            "most_in_an_hour": each.most,
            "began_at": each.began_at,
            "ended_at": each.ended_at,
        }
        for each in flapping
    ]


def _stale_shape(life: Life, load: AlarmLoad) -> dict[str, object]:
    return {
        "alert": life.alert,
        "room": life.room,
        "obligation": life.source,
        "priority": life.priority,
        "raised_at": life.raised_at,
        "over_at": life.over_at,
        "lasted_for": life.lasted(load.until),
    }
