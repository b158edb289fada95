"""What a facility set: from the files it edits to values of the core.

Start at ``load``. Every problem in every file is told at once, with its line.
"""

from room_monitor.settings.load import load, load_sources
from room_monitor.settings.problems import Problem, SettingsError
from room_monitor.settings.values import (
    AppriseChannel,
    Broker,
    Channel,
    Fact,
    MqttChannel,
    Protocol,
    Settings,
    Storage,
    Tls,
    ValueKind,
    WebhookChannel,
)

__all__ = [
    "AppriseChannel",
    "Broker",
    "Channel",
    "Fact",
    "MqttChannel",
    "Problem",
    "Protocol",
    "Settings",
    "SettingsError",
    "Storage",
    "Tls",
    "ValueKind",
    "WebhookChannel",
    "load",
    "load_sources",
]
