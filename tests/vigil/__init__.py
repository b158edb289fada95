"""Tests of what watches the monitor."""
