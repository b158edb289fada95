"""The law applied to a room: pure, no I/O, no clock. Start at ``monitor``."""
