"""The commands: what a person or a machine asks of the monitor from a terminal.

One module a command, none with logic of its own: they read what was given, ask ``app``,
``recall`` and ``core.views``, and write the answer. ``docs/cli.md`` describes them all.
"""

import typer

from room_monitor.cli.acknowledge import acknowledge
from room_monitor.cli.agree_checks import agree_checks
from room_monitor.cli.alarms import alarms
from room_monitor.cli.begin_stay import begin_stay
from room_monitor.cli.check import check
from room_monitor.cli.check_in import check_in
from room_monitor.cli.confirm import confirm
from room_monitor.cli.contact import contact
from room_monitor.cli.correct import correct
from room_monitor.cli.decode import decode
from room_monitor.cli.demo import demo
from room_monitor.cli.drill import drill
from room_monitor.cli.end_stay import end_stay
from room_monitor.cli.errors import Commands
from room_monitor.cli.events import events
from room_monitor.cli.extend import extend
from room_monitor.cli.questions import questions
from room_monitor.cli.readiness import readiness
from room_monitor.cli.record import record
from room_monitor.cli.review import review
from room_monitor.cli.run import run
from room_monitor.cli.shelve import shelve
from room_monitor.cli.simulate import simulate
from room_monitor.cli.status import status
from room_monitor.cli.stay import stay
from room_monitor.cli.stays import stays
from room_monitor.cli.unshelve import unshelve

app = typer.Typer(
    name="room-monitor",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks show values, and values may be names
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Watches the separate and safe room, and can prove it afterwards.",
)
app.command()(demo)
app.command()(check)
app.command()(run)
app.command()(simulate)
app.command()(decode)
app.command()(status)
app.command()(readiness)
app.command()(stays)
app.command()(stay)
app.command()(alarms)
app.command()(events)
app.command()(questions)
app.command()(begin_stay)
app.command()(check_in)
app.command()(contact)
app.command()(review)
app.command()(extend)
app.command()(agree_checks)
app.command()(end_stay)
app.command()(record)
app.command()(correct)
app.command()(confirm)
app.command()(acknowledge)
app.command()(shelve)
app.command()(unshelve)
app.command()(drill)
