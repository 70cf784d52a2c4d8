"""Other formats and other services."""
