"""The figures as JSON: spans of working time end in `_s`, of wall time in `_wall_s`; what is not known is null."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handrail.reports.figures import Metrics, Share, Spread, StepFigures
from handrail.reports.json_views import instant
from handrail.reports.period import Period

Json = dict[str, Any]


def metrics_view(found: Sequence[Metrics], now: datetime) -> Json:
    """`metrics`: the figures of a process, or of all together and then of each."""
    first = found[0]
    view = {"schema": "metrics/1", "at": instant(now), "period": period_object(first.period)} | metrics_object(first)
    return view | {"processes": [metrics_object(one) for one in found[1:]]}


def period_object(period: Period) -> Json:
    """Give a period: `to` is the last day in it."""
    return {"name": period.name, "start": instant(period.start_at), "end": instant(period.end_at)}


def metrics_object(one: Metrics) -> Json:
    """Give the figures of one process, or of all (`process` is null)."""
    return {
        "process": one.process or None,
        "started": one.started,
        "finished": one.finished,
        "cancelled": one.cancelled,
        "cohort": dict(one.cohort),
        "lead_s": spread_object(one.lead),
        "lead_wall_s": spread_object(one.lead_wall),
        "cycle_s": spread_object(one.cycle),
        "lead_with_open_s": spread_object(one.lead_censored),
        "flow_efficiency": spread_object(one.efficiency),
        "hand_overs": spread_object(one.hand_overs),
        "on_time": share_object(one.on_time),
        "steps_on_time": share_object(one.steps_on_time),
        "right_first_time": share_object(one.right_first_time),
        "throughput_per_week": _rounded(one.throughput),
        "arrivals_per_week": _rounded(one.arrivals),
        "wip": one.wip,
        "wip_age_s": spread_object(one.wip_age),
        "oldest": {"run": one.oldest[0], "age_s": one.oldest[1]} if one.oldest else None,
        "little": _little(one),
        "weeks": [
            {"week": week.monday.isoformat(), "started": week.started, "finished": week.finished, "whole": week.whole}
            for week in one.weeks
        ],
        "steps": [_step(step) for step in one.steps],
        "stages": [
            {"process": of.process, "stage": of.name, "time_wall_s": spread_object(of.time), "runs_now": of.runs_now}
            for of in one.stages
        ],
        "roles": [
            {"role": role.name, "sojourn_s": spread_object(role.sojourn), "open_now": role.open_now}
            for role in one.roles
        ],
        "people": [{"person": person, "open_now": number} for person, number in one.people.items()],
        "flow_stages": list(one.flow_stages),
        "flow": [
            {"day": day.day.isoformat(), "started": day.started, "finished": day.finished, "stages": list(day.stages)}
            for day in one.flow
        ],
    }


def spread_object(found: Spread) -> Json:
    """Give how values are spread."""
    return {"n": found.n, "p50": _rounded(found.p50), "p85": _rounded(found.p85), "p95": _rounded(found.p95)}


def share_object(found: Share) -> Json:
    """Give a share with what it is of."""
    return {"held": found.held, "n": found.n, "share": _rounded(found.value)}


def _little(one: Metrics) -> Json | None:
    found = one.little
    if found is None:
        return None
    return {"wip": _rounded(found.wip), "expected": _rounded(found.expected), "ratio": _rounded(found.ratio)}


def _step(step: StepFigures) -> Json:
    return {
        "process": step.process,
        "step": step.id,
        "title": step.title,
        "stage": step.stage,
        "done": step.done,
        "skipped": step.skipped,
        "sojourn_s": spread_object(step.sojourn),
        "wait_s": spread_object(step.wait),
        "touch_s": spread_object(step.touch),
        "share_of_time": _rounded(step.waiting_share),
        "queue_growth": step.queue_growth,
        "critical": share_object(step.critical),
        "on_time": share_object(step.on_time),
        "first_pass": share_object(step.first_pass),
        "reopened": step.reopened,
        "rejected": step.rejected,
        "open_now": step.open_now,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
