"""How much light falls from the sky at an instant?

The position of the sun to about a degree, from the usual short formulas, and the
illuminance of a fair sky by its height: plausible, not a measurement. What the monitor
judges by is computed elsewhere, and exactly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, degrees, exp, log, pi, radians, sin

ZENITH_LUX = 110_000.0
"""A high sun and a fair sky, on level ground."""

NIGHT_LUX = 0.2


@dataclass(frozen=True, slots=True)
class Sky:
    """The sky over one place, from an instant on.

    Attributes:
        starts_at: The instant of offset 0, aware UTC.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    starts_at: datetime
    latitude: float
    longitude: float

    def elevation(self, offset: timedelta) -> float:
        """How high the sun stands, in degrees above the horizon."""
        at = self.starts_at + offset
        hours = at.hour + at.minute / 60 + at.second / 3600
        year = 2 * pi * (at.timetuple().tm_yday - 1 + (hours - 12) / 24) / 365.25
        # https://gml.noaa.gov/grad/solcalc/solareqns.PDF: minutes, and radians
        equation = 229.18 * (
            0.000075
            + 0.001868 * cos(year)
            - 0.032077 * sin(year)
            - 0.014615 * cos(2 * year)
            - 0.040849 * sin(2 * year)
        )
        declination = (
            0.006918
            - 0.399912 * cos(year)
            + 0.070257 * sin(year)
            - 0.006758 * cos(2 * year)
            + 0.000907 * sin(2 * year)
        )
        hour_angle = radians(15 * (hours - 12) + equation / 4 + self.longitude)
        latitude = radians(self.latitude)
        return degrees(
            asin(
                sin(latitude) * sin(declination)
                + cos(latitude) * cos(declination) * cos(hour_angle)
            )
        )

    def illuminance(self, offset: timedelta) -> float:
        """What falls on level ground outside, in lx."""
        height = self.elevation(offset)
        if height <= 0:
            # Twilight: some 400 lx at sunset, a few when it ends at 6 degrees below.
            return NIGHT_LUX + 400 * exp(height / 1.2)
        return NIGHT_LUX + 400 + ZENITH_LUX * exp(1.3 * log(sin(radians(height))))
