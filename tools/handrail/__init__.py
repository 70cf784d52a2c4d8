"""Handrail: processes and projects as Markdown in git, followed and visible."""

__version__ = "0.1.0"
