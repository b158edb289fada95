"""What the devices in a room can say, and how each device family says it.

This package knows physics, not law: it never imports ``room_monitor``.

- ``quantity``: the vocabulary; one unit for each quantity.
- ``measurement``: one decoded value, or why a payload was refused.
- ``profiles``: per device family a table and ``decode(topic, payload)``.
- ``simulator``: scenarios as data, and a publisher that plays them to a broker.
"""
