"""Working time, schedules, forecasts: pure functions."""
