"""What bytes stand for a value of a known type, in a snapshot?

The form is that of ``evidence.plain``, as JSON: it can be read by people, it says which
member of a union a value is, and loading it runs no code. It need not be canonical: NaN
and infinity are kept.
"""

from json import JSONDecodeError
from json import dumps as to_json
from json import loads as from_json
from typing import Any

from room_monitor.evidence.plain import shape_of
from room_monitor.evidence.shapes import Misfit


def dumps(value: object, kind: Any) -> bytes:
    """The bytes of ``value``.

    Args:
        value: What to keep.
        kind: Its type, with all that is inside: ``Mapping[RoomId, int]``.

    Raises:
        TypeError: Values of this type cannot be kept.
        ValueError: The value is not of this type.
    """
    plain = shape_of(kind).plain(value)
    return to_json(plain, separators=(",", ":"), ensure_ascii=False).encode()


def loads(content: bytes, kind: Any) -> Any:
    """The value that ``dumps`` wrote.

    Args:
        content: What ``dumps`` returned.
        kind: The type it was called with.

    Raises:
        ValueError: The bytes are no value of this type.
    """
    try:
        plain = from_json(content)
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise Misfit("not JSON") from error
    return shape_of(kind).load(plain)
