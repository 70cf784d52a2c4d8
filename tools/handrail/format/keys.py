"""What each key of `handrail.yml` and of the front matter means: shown by editors, printed in the reference.

`people.*` are the names below `people`, `risks[]` the entries of a list. A test compares the keys with what the readers
read.
"""

from __future__ import annotations

from collections.abc import Mapping

_CALENDAR = {
    "calendar.week": "The days on which work is done: `mon-fri`, `mon,wed,fri`, `sun-thu`.",
    "calendar.hours": 'The hours in which work is done, in quotes: `"09:00-17:00"`, `"09:00-12:00,13:00-17:00"`.',
    "calendar.closed": "Further days on which nobody works.",
}

CONFIG: Mapping[str, str] = {
    "title": "What the workspace is called.",
    "people": "Who works here: what stands after `@`, and about each the name, addresses and time.",
    "people.*.name": "The name that is shown.",
    "people.*.email": "E-mail addresses: by them git's identity is looked up.",
    "people.*.github": "The name on the git host.",
    "people.*.load": "The share of a working day that is here for work: `80%`.",
    "people.*.rate": "What an hour costs.",
    "people.*.agent": "Whether this is a program that acts under its own name.",
    "people.*.active": "`false` for somebody who has left.",
    "people.*.leave": "Days off, first and last: `2026-12-24..2027-01-02`, or single days.",
    "people.*.week": "Weekdays, where they are not the workspace's: `mon-thu`.",
    "people.*.hours": 'Hours, where they are not the workspace\'s: `"09:00-13:00"`.',
    "teams": "Names for several people: `finance: [ines, tom]`.",
    "calendar": "When work is done, by which spans of time are reckoned; `always` for around the clock.",
    **_CALENDAR,
    "calendar.timezone": "The time zone of the hours and days: `Europe/Berlin`.",
    "calendar.holidays": "Whose public holidays are kept: a country, or a country and region (`DE-BE`).",
    "stall": "After this long without anything happening, a ready step counts as stalled.",
    "sync": "What happens after each action: `push` it, put it on a `branch` of one's own, or `none`.",
    "resources": "Shared things and how many there are: `{dev: 4, crane: 1}`.",
    "site_url": "Where the site is published: messages and comments link to it.",
    "on_behalf": "Who may act in other people's names, as the git host's forms do.",
    "proof": "What may come as evidence.",
    "proof.max_size": "The largest file that may come as evidence, at most `50 MiB`.",
    "site": "How the site shows runs and texts.",
    "site.archive_after": "Runs that ended so long ago have no page and are listed below their process: `180d`.",
    "site.finished_pages": "So many of the newest runs that are over have a page, others are listed: `500`, or `all`.",
    "site.html": "`escape` shows raw HTML in processes, runs and projects as text; `allow` cleans and shows it.",
    "mcp": "What AI agents may do over the Model Context Protocol.",
    "mcp.actions": "Whether they may act; else they only read.",
    "mcp.agent": "In whose name they act: a person with `agent: true`.",
    "notify": "When people are told what waits for them.",
    "notify.escalate": "So long overdue, and the owner is told too.",
    "notify.again": "So long until the same thing is told again.",
    "notify.report": "So old may a project's last status report be until its owner is reminded.",
    "notify.channels": "Places in which several people read, each with what it is told of.",
    "notify.channels.*.people": "The people and teams whose work it is told of.",
    "notify.channels.*.processes": "The processes whose runs it is told of.",
    "notify.channels.*.projects": "The projects that it is told of.",
}

PROCESS: Mapping[str, str] = {
    "title": "What the process is called; else its first heading, else its folder.",
    "summary": "One sentence that is shown in lists.",
    "owner": 'Who answers for the procedure: `"@mara"`.',
    "roles": "Who fills each role unless a run says otherwise: `{sales: ana, success: [ben, chi]}`.",
    "fields": "The values that a run carries, by name.",
    "fields.*.type": "What a value is; `choice` where there are `choices`, else `text`.",
    "fields.*.required": "Whether every run must have it from the start.",
    "fields.*.default": "What it is where a run does not say.",
    "fields.*.choices": "The values that it may have.",
    "fields.*.pattern": "A regular expression that the whole value must fit.",
    "fields.*.min": "The smallest number or earliest date.",
    "fields.*.max": "The largest number or latest date.",
    "fields.*.label": "What people are asked for.",
    "order": "Whether steps wait for the one above: `sequence` expects it, `strict` demands it, `any` does not.",
    "target": "A run should take no longer than this: `10d`.",
    "schedule": "When runs start by themselves: an RFC 5545 rule (`FREQ=MONTHLY;BYDAY=1MO`), or `after 30d`.",
    "review": "The day by which somebody should read the procedure itself again.",
    "stall": "After this long without anything happening, a ready step counts as stalled.",
    "calendar": "`always` where spans of time run around the clock, as for incidents.",
    "tags": "Words by which the process is found.",
    "name": "The pattern of runs' titles: `{{ customer }}`.",
    "status": "Only an `effective` procedure can be started; a `draft` not yet, a `retired` one not any more.",
    "effective": "The day on which the procedure takes effect.",
    "overlap": "Where a scheduled run is due and the last is still active: `allow` both, `skip` this one, or `wait`.",
    "agents": "`propose`: what agents finish counts when a person has confirmed it.",
    "successor": "The process that comes after a retired one.",
}

RUN: Mapping[str, str] = {
    "run": "The run's name, which agrees with its path.",
    "process": "The process that it is a run of.",
    "revision": "Git's id of the procedure's text that the run follows.",
    "title": "What the run is called.",
    "started": "When it was started, in UTC.",
    "by": "Who started it.",
    "due": "By when it should be finished.",
    "roles": "Who fills each role in this run.",
    "fields": "The values of the run's fields at the start.",
    "project": "The project that it belongs to.",
    "parent": "The run and step that it finishes: `onboarding/2026-11-23-ada#contract`.",
    "trial": "Whether it is only tried out and does not count in figures.",
    "order": "How its steps wait for each other, copied from the process.",
    "calendar": "`always` where spans of time run around the clock, copied from the process.",
    "stall": "When a ready step counts as stalled, copied from the process.",
    "agents": "`propose`: what agents finish counts when a person has confirmed it.",
}

PROJECT: Mapping[str, str] = {
    "title": "What the project is called; else its first heading, else its folder.",
    "summary": "One sentence that is shown in lists.",
    "owner": 'Who answers for the project: `"@mara"`.',
    "objective": "What will be so when the project is done.",
    "start": "The first day of work.",
    "target": "The day by which it should be done.",
    "budget": "What it may cost, with its currency: `40000 EUR`.",
    "risks": "What may happen.",
    "risks[].risk": "What may happen, in words.",
    "risks[].probability": "How likely it is: `30%`.",
    "risks[].impact": "What it would cost.",
    "risks[].delay": "By how much it would delay the project: `5d`.",
    "risks[].owner": "Who watches it.",
    "risks[].response": "What is done about it.",
    "resources": "Shared things and how many of them this project has: `{dev: 4}`.",
    "limits": "How many tasks a column of the board should hold: `{doing: 3}`.",
    "tags": "Words by which the project is found.",
    "calendar": "When work is done on it, where that is not as in the workspace; `always` for around the clock.",
    **_CALENDAR,
}

KEYS: Mapping[str, Mapping[str, str]] = {"config": CONFIG, "process": PROCESS, "run": RUN, "project": PROJECT}
