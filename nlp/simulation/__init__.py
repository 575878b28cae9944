"""Callers and lines that never were: noise models and simulated callers."""
