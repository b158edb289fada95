"""Room Monitor."""
