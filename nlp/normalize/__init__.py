"""Spoken numbers, units, dates and telephone numbers as values (pure; Mandarin and English)."""
