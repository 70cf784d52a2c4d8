"""Handrail: processes and projects as Markdown in git, followed and visible."""

from __future__ import annotations

__version__ = "0.1.0"
