"""Names of things, so that one kind of name cannot be passed for another."""

from typing import NewType

LocationId = NewType("LocationId", str)
RoomId = NewType("RoomId", str)
DeviceId = NewType("DeviceId", str)
RequirementId = NewType("RequirementId", str)
ObligationId = NewType("ObligationId", str)
"""``room/requirement/ask`` or ``room/requirement/ask/device``."""
StayId = NewType("StayId", str)
BreachId = NewType("BreachId", str)
AlertId = NewType("AlertId", str)
