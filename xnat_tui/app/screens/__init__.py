"""Whole screens: they turn the wishes of widgets into calls."""
