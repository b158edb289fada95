"""How an act of a person reaches the engine: in this process, or over a socket.

    Request ──told──> what will stand in the log ──engine──> Answer

``request`` says what can be asked, ``told`` what that means, ``perform`` has it recorded,
``door`` is the socket on which a running monitor listens.
"""

from room_monitor.control.door import MAX_LINE, SOCKET, ask, serve
from room_monitor.control.perform import perform
from room_monitor.control.request import KEY, Answer, Do, Request

__all__ = [
    "KEY",
    "MAX_LINE",
    "SOCKET",
    "Answer",
    "Do",
    "Request",
    "ask",
    "perform",
    "serve",
]
