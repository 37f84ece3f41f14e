"""Forecasts against what happened, in the example and in real histories."""
