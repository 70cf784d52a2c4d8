"""The present moment with the working time of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from handrail.reports.moment import Moment

if TYPE_CHECKING:
    from handrail.model.people import Config


def moment_of(config: Config, now: datetime) -> Moment:
    """Give the moment `now` (UTC), with the workspace's calendar and with wall time."""
    from handrail.plan.worktime import working_time

    calendar = config.calendar
    return Moment(now, working_time(calendar), working_time(replace(calendar, always=True)))
