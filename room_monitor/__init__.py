"""Room Monitor watches the separate and safe room of closed youth care.

The way of a datum:

1. ``ingest`` receives it over MQTT and decodes it with a profile of ``sensors``.
2. ``engine`` gathers what arrived, what people did and that time passed, into one turn.
3. ``core.monitor`` hears it and asks the ``core.rules`` whose answer it can change.
4. ``core.breach`` says what a finding changes, ``core.alert`` whom that claims.
5. ``store`` writes readings, events, notifications and packet ids in one transaction.
6. Only then is it true, and ``ingest`` acknowledges the message.
7. ``core.state`` folds the events: after a restart ``recall`` folds them again.
8. ``scheduler`` wakes the engine when time alone may change an answer.
9. ``notify`` sends what is queued, each transport on its own.
10. ``control`` brings in what people do, from the ``cli``.
11. ``core.views`` fold the same events for people, as of any instant.
12. ``evidence`` chains every entry to the one before, so that a change is found.
"""
