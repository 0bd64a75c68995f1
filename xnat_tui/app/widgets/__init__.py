"""The parts of screens. A widget gets data, shows it and posts what the user wants; it imports no screen."""
