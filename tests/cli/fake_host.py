"""A git host on this machine: the part of the APIs of GitHub, Forgejo and GitLab that Handrail asks."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit


class FakeHost:
    """Comments and issues of one repository. `fail` are the statuses of the next answers; `seen` is what was asked."""

    def __init__(self) -> None:
        self.comments: dict[int, dict[str, Any]] = {}
        self.issues: dict[int, dict[str, Any]] = {}
        self.labels: dict[str, int] = {}
        self.fail: list[int] = []
        self.forbidden: set[int] = set()
        self.seen: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        self.address = ""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, Any]:
        page = int(query.get("page", ["1"])[0])
        if path.startswith("/told/"):
            return 200, {}
        path = path.replace("/merge_requests/", "/issues/").replace("/notes", "/comments")
        if match := re.fullmatch(r".*/issues/(\d+)/comments(?:/(\d+))?", path):
            return self.on_comments(method, int(match[1]), int(match[2] or 0), page, body)
        if match := re.fullmatch(r".*/issues/comments/(\d+)", path):
            return self.on_comments(method, 0, int(match[1]), page, body)
        if match := re.fullmatch(r".*/labels", path):
            if method == "POST":
                self.labels[body["name"]] = 70 + len(self.labels)
                return 201, {"id": self.labels[body["name"]]}
            return 200, [{"name": name, "id": id} for name, id in self.labels.items()] if page == 1 else []
        if match := re.fullmatch(r".*/issues(?:/(\d+))?", path):
            return self.on_issues(method, int(match[1] or 0), page, body)
        return 404, {"message": "Not Found"}

    def on_comments(self, method: str, number: int, id: int, page: int, body: dict[str, Any]) -> tuple[int, Any]:
        if method == "GET":
            mine = [one for one in self.comments.values() if one["on"] == number]
            return 200, mine[(page - 1) * 2 : page * 2]  # small pages: they have to be turned
        if method == "POST":
            id = len(self.comments) + 1
            self.comments[id] = {"id": id, "on": number, "body": body["body"]}
            return 201, self.comments[id]
        if id in self.forbidden:
            return 403, {"message": "Resource not accessible by integration"}
        self.comments[id]["body"] = body["body"]
        return 200, self.comments[id]

    def on_issues(self, method: str, number: int, page: int, body: dict[str, Any]) -> tuple[int, Any]:
        if method == "GET":
            live = [one for one in self.issues.values() if one["state"] == "open"]
            return 200, live[(page - 1) * 2 : page * 2]
        if method == "POST":
            number = len(self.issues) + 1
            self.issues[number] = {"number": number, "iid": number, "state": "open"}
        issue = self.issues.setdefault(number, {"number": number, "iid": number, "state": "open"})
        text = body.get("body", body.get("description"))
        issue.update({key: value for key, value in body.items() if key in ("title", "labels", "state")})
        issue.update({"body": text, "description": text} if text is not None else {})
        if body.get("state_event") == "close":
            issue["state"] = "closed"
        return 200, issue

    def open_issues(self) -> list[tuple[str, str]]:
        return [(one["title"], one["body"]) for one in self.issues.values() if one["state"] == "open"]


@contextmanager
def fake_host() -> Iterator[FakeHost]:
    """Serve one until the block ends."""
    host = FakeHost()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            host.seen.append((self.command, parts.path))
            host.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            status, found = (
                (host.fail.pop(0), {"message": "busy"})
                if host.fail
                else host.answer(self.command, parts.path, parse_qs(parts.query), body)
            )
            data = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host.address = f"http://127.0.0.1:{server.server_port}"
    yield host
    server.shutdown()
    server.server_close()
