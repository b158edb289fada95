"""How fast it is, as ratios to a baseline in the same run. Figures, not tests."""
