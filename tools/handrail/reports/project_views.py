"""What `project report --json` prints: `project report/1` for one project, `portfolio/1` for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handrail.model.baseline import Baseline
from handrail.model.project import Risk
from handrail.plan.earned import Earned
from handrail.reports.control import Control, exposure_of
from handrail.reports.forecast import forecast_object
from handrail.reports.json_views import instant
from handrail.reports.load import Load
from handrail.reports.manage import AtRisk, Report, next_milestone, top_risk
from handrail.reports.results import Overview, PlannedTask

Json = dict[str, Any]


def report_view(overview: Overview, found: Report) -> Json:
    """`project report PROJECT`: all that the report tells."""
    return {"schema": "project report/1", "at": instant(overview.moment.now)} | report_object(found)


def portfolio_view(overview: Overview, found: Iterable[Report]) -> Json:
    """`project report`: a short object for each project."""
    rows = [summary_object(one) for one in found]
    return {"schema": "portfolio/1", "at": instant(overview.moment.now), "projects": rows}


def summary_object(found: Report) -> Json:
    """Give a project in a line."""
    control, milestone, risk = found.control, next_milestone(found), top_risk(found)
    return {
        "project": control.project.id,
        "title": control.project.title,
        "owner": control.project.owner or None,
        "status": control.shown,
        "computed": control.computed,
        "reasons": [{"colour": one.colour, "code": one.code, "reason": one.sentence} for one in control.reasons],
        "said": _said(control),
        "trend": found.trend,
        "progress": round(control.progress, 4),
        "planned_progress": _rounded(control.planned_progress),
        "finish": instant(control.plan.finish),
        "target": control.project.target.isoformat() if control.project.target else None,
        "target_slip_days": control.target_days,
        "baseline": _baseline(control.baseline),
        "baseline_slip_days": control.slip_days,
        "report_age_days": control.updated_days,
        "next_milestone": {
            "id": milestone.item.id,
            "title": milestone.item.title,
            "finish": instant(milestone.finish),
        }
        if milestone
        else None,
        "top_risk": risk.risk if risk else None,
    }


def report_object(found: Report) -> Json:
    """Give a project whole."""
    control = found.control
    return summary_object(found) | {
        "currency": control.project.currency or None,
        "budget": control.project.budget or None,
        "cost": {
            "planned": control.cost.planned,
            "actual": control.cost.actual,
            "assumed": control.cost.assumed,
            "hours": control.cost.hours,
        },
        "earned_value": _earned(control.earned, by_hours=control.by_hours),
        "exposure": control.exposure,
        "forecast": forecast_object(found.forecast),
        "risks": [_risk(risk) for risk in control.project.risks],
        "slips": [
            {
                "task": one.task.item.id,
                "days": one.days,
                "was": instant(one.was.finish),
                "finish": instant(one.task.finish),
            }
            for one in control.slips
        ],
        "added": [task.item.id for task in control.added],
        "removed": list(control.removed),
        "do_next": [_task(task) for task in found.do_next],
        "at_risk": [_at_risk(one) for one in found.at_risk],
        "load": [load_object(one) for one in found.loads],
        "needs_help": [
            {"person": one.person, "reasons": list(one.reasons), "helper": one.helper or None}
            for one in found.needs_help
        ],
        "changes": list(found.changes),
        "agreed_changes": [{"day": one.day.isoformat(), "text": one.markdown} for one in control.project.changes],
        "decisions": list(found.decisions),
        "unassigned": found.unassigned,
        "unestimated": found.unestimated,
    }


def load_object(one: Load) -> Json:
    """Give one person's weeks."""
    return {
        "person": one.person,
        "weeks": [
            {"start": week.start.isoformat(), "hours": week.hours, "capacity": week.capacity} for week in one.weeks
        ],
        "tasks": [{"project": project, "task": task.item.id} for project, task in one.tasks],
    }


def _risk(risk: Risk) -> Json:
    return {
        "risk": risk.risk,
        "probability": risk.probability,
        "impact": risk.impact,
        "delay": risk.delay or None,
        "exposure": exposure_of(risk),
        "owner": risk.owner or None,
        "response": risk.response or None,
    }


def _said(control: Control) -> Json | None:
    return {"status": control.said.status, "day": control.said.day.isoformat()} if control.said else None


def _baseline(baseline: Baseline | None) -> Json | None:
    if baseline is None:
        return None
    return {"name": baseline.name, "at": instant(baseline.at), "by": baseline.by, "finish": instant(baseline.finish)}


def _earned(earned: Earned | None, *, by_hours: bool) -> Json | None:
    if earned is None:
        return None
    return {
        "unit": "hours" if by_hours else "money",
        "bac": earned.budget,
        "pv": round(earned.planned, 4),
        "ev": round(earned.earned, 4),
        "ac": _rounded(earned.actual),
        "sv": round(earned.schedule_variance, 4),
        "cv": _rounded(earned.cost_variance),
        "spi": _rounded(earned.schedule_index),
        "cpi": _rounded(earned.cost_index),
        "eac": _rounded(earned.at_completion),
        "etc": _rounded(earned.to_complete),
        "vac": _rounded(earned.variance_at_completion),
        "tcpi": _rounded(earned.to_complete_index),
        "es_s": None if earned.schedule is None else round(earned.schedule * 3600),
        "spi_t": _rounded(earned.time_index),
    }


def _task(task: PlannedTask) -> Json:
    return {
        "id": task.item.id,
        "title": task.item.title,
        "state": task.state,
        "assignees": list(task.assignees),
        "deadline": instant(task.deadline),
        "finish": instant(task.finish),
        "total_float_s": task.total_float_s,
        "critical": task.critical,
    }


def _at_risk(one: AtRisk) -> Json:
    reasons = [{"code": code, "reason": sentence} for code, sentence in one.reasons]
    return _task(one.task) | {"colour": one.colour, "reasons": reasons}


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 4)
