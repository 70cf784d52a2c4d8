"""What the words mean: frozen values. No text, no clock, no files."""
