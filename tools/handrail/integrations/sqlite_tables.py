"""The tables of the exported database. Times are RFC 3339 in UTC, as text; spans of working time are seconds."""

from __future__ import annotations

VERSION = 1
"""Of the tables' form: within it columns and tables are only ever added. Stands in `PRAGMA user_version`."""

TABLES = """
CREATE TABLE export (schema TEXT NOT NULL, at TEXT NOT NULL, title TEXT NOT NULL);
CREATE TABLE people (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, agent INTEGER NOT NULL, active INTEGER NOT NULL, listed INTEGER NOT NULL
);
CREATE TABLE processes (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, owner TEXT, status TEXT, target TEXT, schedule TEXT, review TEXT,
    path TEXT
);
CREATE TABLE projects (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, owner TEXT, objective TEXT, state TEXT NOT NULL, start TEXT, target TEXT,
    planned_finish TEXT, finished TEXT, budget REAL, currency TEXT, done INTEGER, skipped INTEGER, na INTEGER,
    total INTEGER
);
CREATE TABLE tasks (
    project TEXT NOT NULL REFERENCES projects (id), id TEXT NOT NULL, position INTEGER NOT NULL, parent TEXT,
    title TEXT NOT NULL, phase TEXT, state TEXT NOT NULL, milestone INTEGER NOT NULL, start TEXT, finish TEXT,
    due TEXT, late INTEGER, critical INTEGER, total_float_s REAL, progress REAL, estimate TEXT, cost REAL, done TEXT,
    by TEXT REFERENCES people (id), PRIMARY KEY (project, id),
    FOREIGN KEY (project, parent) REFERENCES tasks (project, id)
);
CREATE TABLE task_links (
    project TEXT NOT NULL, task TEXT NOT NULL, after TEXT NOT NULL, kind TEXT NOT NULL, lag TEXT,
    FOREIGN KEY (project, task) REFERENCES tasks (project, id),
    FOREIGN KEY (project, after) REFERENCES tasks (project, id)
);
CREATE TABLE runs (
    id TEXT PRIMARY KEY, process TEXT NOT NULL REFERENCES processes (id), title TEXT NOT NULL, state TEXT NOT NULL,
    trial INTEGER NOT NULL, started TEXT NOT NULL, by TEXT REFERENCES people (id), finished TEXT, due TEXT,
    first_due TEXT, overdue INTEGER NOT NULL, revision TEXT, project TEXT REFERENCES projects (id), task TEXT,
    parent TEXT REFERENCES runs (id), parent_step TEXT, done INTEGER NOT NULL, skipped INTEGER NOT NULL,
    na INTEGER NOT NULL, total INTEGER NOT NULL, lead_s REAL, cycle_s REAL, hand_overs INTEGER,
    right_first_time INTEGER
);
CREATE TABLE run_fields (
    run TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, name)
);
CREATE TABLE steps (
    run TEXT NOT NULL REFERENCES runs (id), id TEXT NOT NULL, position INTEGER NOT NULL, parent TEXT,
    title TEXT NOT NULL, activity TEXT NOT NULL, stage TEXT, state TEXT NOT NULL, role TEXT, ready TEXT, due TEXT,
    first_due TEXT, overdue INTEGER NOT NULL, done TEXT, by TEXT REFERENCES people (id), attempt INTEGER NOT NULL,
    proposed_by TEXT REFERENCES people (id), proposer TEXT REFERENCES people (id), by_hand TEXT, sojourn_s REAL,
    wait_s REAL, touch_s REAL, PRIMARY KEY (run, id), FOREIGN KEY (run, parent) REFERENCES steps (run, id)
);
CREATE TABLE assignments (
    run TEXT, step TEXT, project TEXT, task TEXT, person TEXT NOT NULL REFERENCES people (id),
    FOREIGN KEY (run, step) REFERENCES steps (run, id), FOREIGN KEY (project, task) REFERENCES tasks (project, id),
    CHECK ((run IS NULL) <> (project IS NULL))
);
CREATE TABLE events (
    id INTEGER PRIMARY KEY, run TEXT REFERENCES runs (id), step TEXT, project TEXT REFERENCES projects (id), task TEXT,
    time TEXT NOT NULL, who TEXT REFERENCES people (id), by_agent INTEGER NOT NULL, verb TEXT NOT NULL,
    transition TEXT, attempt INTEGER, note TEXT, proposes TEXT, confirms TEXT, by_hand TEXT, changes TEXT,
    FOREIGN KEY (run, step) REFERENCES steps (run, id), FOREIGN KEY (project, task) REFERENCES tasks (project, id),
    CHECK ((run IS NULL) <> (project IS NULL))
);
"""

AFTERWARDS = """
CREATE INDEX runs_process ON runs (process, state);
CREATE INDEX runs_started ON runs (started);
CREATE INDEX runs_project ON runs (project);
CREATE INDEX runs_parent ON runs (parent);
CREATE INDEX steps_state ON steps (state);
CREATE INDEX steps_by ON steps (by);
CREATE INDEX tasks_state ON tasks (state);
CREATE INDEX task_links_task ON task_links (project, task);
CREATE INDEX assignments_person ON assignments (person);
CREATE INDEX assignments_step ON assignments (run, step);
CREATE INDEX assignments_task ON assignments (project, task);
CREATE INDEX events_step ON events (run, step);
CREATE INDEX events_task ON events (project, task);
CREATE INDEX events_time ON events (time);
CREATE INDEX events_who ON events (who, time);
CREATE VIEW event_log AS
    SELECT e.run AS "case", s.activity, e.time AS timestamp, e.who AS resource, e.transition, e.verb, e.step, s.stage,
        s.role, e.attempt, r.process, r.title AS case_title, e.note
    FROM events e JOIN steps s ON s.run = e.run AND s.id = e.step JOIN runs r ON r.id = e.run
    WHERE NOT r.trial ORDER BY e.run, e.time, e.id;
CREATE VIEW open_steps AS
    SELECT s.run, r.title AS run_title, r.process, s.id AS step, s.title, s.stage, s.state, s.ready, s.due, s.overdue,
        (SELECT group_concat(a.person, ', ') FROM assignments a WHERE a.run = s.run AND a.step = s.id) AS who
    FROM steps s JOIN runs r ON r.id = s.run
    WHERE r.state = 'active' AND s.state IN ('ready', 'doing', 'blocked') ORDER BY s.due IS NULL, s.due;
CREATE VIEW lead_times AS
    SELECT id AS run, process, title, started, finished,
        round(julianday(finished) - julianday(started), 3) AS days, lead_s, cycle_s, finished <= first_due AS on_time
    FROM runs WHERE state = 'done' AND NOT trial;
CREATE VIEW step_times AS
    SELECT r.process, s.id AS step, s.activity, count(*) AS done, avg(s.sojourn_s) AS mean_sojourn_s,
        sum(s.attempt > 1) AS opened_again
    FROM steps s JOIN runs r ON r.id = s.run WHERE s.state = 'done' AND NOT r.trial GROUP BY r.process, s.id;
"""
