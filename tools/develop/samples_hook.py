"""Puts the sample company into the wheel. An editable install reads it from the checkout instead."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SAMPLES = ("handrail.yml", "processes", "projects")


class SamplesHook(BuildHookInterface):
    """Adds the samples to what a wheel holds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say which files of the repository go where; `version` is "standard" or "editable"."""
        if version != "editable":
            build_data["force_include"].update({name: f"handrail/app/samples/{name}" for name in SAMPLES})
