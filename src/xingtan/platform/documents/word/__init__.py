"""Word templates: checked, listed, filled, and built from code."""
