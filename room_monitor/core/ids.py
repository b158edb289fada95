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
PersonId = NewType("PersonId", str)
ChannelId = NewType("ChannelId", str)
ShiftId = NewType("ShiftId", str)
LadderId = NewType("LadderId", str)
PageId = NewType("PageId", str)
RecordId = NewType("RecordId", str)
"""What a person recorded, so that it can be corrected: ``r`` and 8 digits."""
