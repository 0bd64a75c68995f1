"""What stands over a screen for a moment and ends with a choice."""
