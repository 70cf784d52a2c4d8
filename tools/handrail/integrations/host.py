"""What Handrail asks of a git host: comments and issues, found again by a mark that nobody sees.

GitHub, Forgejo and Gitea speak one dialect, GitLab another. Sources: docs.github.com/rest (issues, issue comments),
Forgejo's and GitLab's API documentation (notes, issues).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

from handrail.base.errors import HandrailError, WrongUsage
from handrail.base.value import dataclass
from handrail.base.words import one_line

if TYPE_CHECKING:
    import requests

SECONDS = 15.0
"""So long one answer is waited for."""
_TRIES, _BACKOFF = 3, 0.5
_BUSY = (429, 500, 502, 503, 504)
_PAGE, _MOST_PAGES = 100, 50
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HINTS = {
    401: "The token is not valid, or not any more.",
    403: "The token may not do this: the job needs the permission for it (`issues: write`, `pull-requests: write`).",
    404: "It is not there, or the token may not see it.",
}


class HostError(HandrailError):
    """The host refused, or did not answer (exit status 3). `forbidden` tells that we may not do just this."""

    exit_code = 3

    def __init__(self, sentence: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(sentence, hint)
        self.forbidden = status in (403, 404)


@dataclass(frozen=True, slots=True)
class Text:
    """A comment or an issue of ours. `open` is False for an issue that is closed."""

    number: str
    body: str
    title: str = ""
    open: bool = True


class Host(Protocol):
    """One repository on a git host."""

    def comments(self, number: str) -> Iterator[Text]:
        """Give the comments of a pull request or issue, those of ours and of others."""

    def comment(self, number: str, body: str) -> None:
        """Write a new one."""

    def edit_comment(self, number: str, comment: str, body: str) -> None:
        """Give a comment another text."""

    def issues(self, label: str) -> Iterator[Text]:
        """Give the open issues with a label."""

    def open_issue(self, title: str, body: str, label: str) -> str:
        """Open an issue and give its number."""

    def edit_issue(self, number: str, title: str, body: str) -> None:
        """Give an issue another title and text."""

    def close_issue(self, number: str) -> None:
        """Close an issue."""


class Http:
    """JSON over HTTPS with one host; the token goes to no other, and into no message."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._base = checked(base)
        self._headers = headers

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Any:
        """Give the answer as JSON, None where it is empty. Raises HostError.

        What may be asked twice is asked again where the host is busy. What makes something new is not, since it may
        have been done.
        """
        import requests

        address = f"{self._base}{path}"
        try:
            with self._session() as session:
                answer = session.request(
                    method, address, json=body, params=query, timeout=SECONDS, allow_redirects=False, auth=self._sign
                )
                if not answer.ok or answer.is_redirect:
                    status = answer.status_code
                    raise HostError(_refused(method, path, answer), _HINTS.get(status, ""), status=status)
                return answer.json() if answer.content else None
        except requests.RequestException as error:
            why = type(error).__name__
            raise HostError(f"The host did not answer {method} {path} ({why}).", "Run it again later.") from None

    def _session(self) -> requests.Session:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        again = Retry(
            total=_TRIES, backoff_factor=_BACKOFF, status_forcelist=_BUSY, raise_on_status=False,
            allowed_methods=("GET", "PUT", "PATCH"),
        )  # fmt: skip
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=again))
        return session

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """Give the entries of a list, page by page."""
        for page in range(1, _MOST_PAGES + 1):
            found = self.ask("GET", path, None, **query, page=str(page))
            if not isinstance(found, list):
                raise HostError(f"The host's answer to GET {path} is no list.", "Is the address that of its API?")
            yield from found
            if not found:
                return


def checked(address: str) -> str:
    """Give the address of an API that may be asked: https, or http on this machine. Raises WrongUsage."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        fine = bool(parts.hostname) and not parts.username and not parts.query and (parts.scheme == "https" or plain)
    except ValueError:
        fine = False
    if not fine:
        raise WrongUsage("The address of the host's API is no https address.", "It looks like https://api.github.com.")
    return address.rstrip("/")


def _refused(method: str, path: str, answer: requests.Response) -> str:
    try:
        said = answer.json()
        words = said.get("message", "") if isinstance(said, dict) else ""
    except ValueError:
        words = ""
    told = f": {one_line(str(words))[:200]}" if words else ""
    return f"The host said {answer.status_code} to {method} {path}{told}."


class GitHub:
    """A repository on GitHub, Forgejo or Gitea. A pull request is an issue there."""

    def __init__(self, http: Http, repository: str) -> None:
        self._http = http
        self._at = f"/repos/{quote(repository)}"

    def comments(self, number: str) -> Iterator[Text]:
        """Give the comments, page by page."""
        for one in self._http.pages(f"{self._at}/issues/{number}/comments", per_page=str(_PAGE), limit=str(_PAGE)):
            yield Text(str(one["id"]), one.get("body") or "")

    def comment(self, number: str, body: str) -> None:
        """Write a comment."""
        self._http.ask("POST", f"{self._at}/issues/{number}/comments", {"body": body})

    def edit_comment(self, number: str, comment: str, body: str) -> None:
        """Give a comment another text."""
        self._http.ask("PATCH", f"{self._at}/issues/comments/{comment}", {"body": body})

    def issues(self, label: str) -> Iterator[Text]:
        """Give the open issues with a label, pull requests left out."""
        found = self._http.pages(
            f"{self._at}/issues", state="open", labels=label, per_page=str(_PAGE), limit=str(_PAGE)
        )
        for one in found:
            if one.get("pull_request") is None:
                yield Text(str(one["number"]), one.get("body") or "", one.get("title") or "")

    def open_issue(self, title: str, body: str, label: str) -> str:
        """Open an issue with the label."""
        made = self._http.ask("POST", f"{self._at}/issues", {"title": title, "body": body, "labels": [label]})
        return str(made["number"])

    def edit_issue(self, number: str, title: str, body: str) -> None:
        """Give an issue another title and text."""
        self._http.ask("PATCH", f"{self._at}/issues/{number}", {"title": title, "body": body})

    def close_issue(self, number: str) -> None:
        """Close an issue."""
        self._http.ask("PATCH", f"{self._at}/issues/{number}", {"state": "closed"})


class Forgejo(GitHub):
    """Forgejo and Gitea take labels by their numbers, so that a label is made where there is none."""

    def open_issue(self, title: str, body: str, label: str) -> str:
        """Open an issue with the label."""
        known = {one["name"]: one["id"] for one in self._http.pages(f"{self._at}/labels", limit=str(_PAGE))}
        if label not in known:
            known[label] = self._http.ask("POST", f"{self._at}/labels", {"name": label, "color": "#fbca04"})["id"]
        sent = {"title": title, "body": body, "labels": [known[label]]}
        return str(self._http.ask("POST", f"{self._at}/issues", sent)["number"])


class GitLab:
    """A project on GitLab; comments are those of merge requests."""

    def __init__(self, http: Http, project: str) -> None:
        self._http = http
        self._at = f"/projects/{quote(project, safe='')}"

    def comments(self, number: str) -> Iterator[Text]:
        """Give the comments, page by page."""
        for one in self._http.pages(f"{self._at}/merge_requests/{number}/notes", per_page=str(_PAGE)):
            yield Text(str(one["id"]), one.get("body") or "")

    def comment(self, number: str, body: str) -> None:
        """Write a comment."""
        self._http.ask("POST", f"{self._at}/merge_requests/{number}/notes", {"body": body})

    def edit_comment(self, number: str, comment: str, body: str) -> None:
        """Give a comment another text."""
        self._http.ask("PUT", f"{self._at}/merge_requests/{number}/notes/{comment}", {"body": body})

    def issues(self, label: str) -> Iterator[Text]:
        """Give the open issues with a label, pull requests left out."""
        for one in self._http.pages(f"{self._at}/issues", state="opened", labels=label, per_page=str(_PAGE)):
            yield Text(str(one["iid"]), one.get("description") or "", one.get("title") or "")

    def open_issue(self, title: str, body: str, label: str) -> str:
        """Open an issue with the label."""
        made = self._http.ask("POST", f"{self._at}/issues", {"title": title, "description": body, "labels": label})
        return str(made["iid"])

    def edit_issue(self, number: str, title: str, body: str) -> None:
        """Give an issue another title and text."""
        self._http.ask("PUT", f"{self._at}/issues/{number}", {"title": title, "description": body})

    def close_issue(self, number: str) -> None:
        """Close an issue."""
        self._http.ask("PUT", f"{self._at}/issues/{number}", {"state_event": "close"})


def host_of(environment: Mapping[str, str]) -> Host:
    """Give the host that a build server's own variables name. Raises WrongUsage where one is missing."""
    found = environment.get
    if found("GITLAB_CI"):
        token = found("HANDRAIL_TOKEN", "")
        _need(token, "HANDRAIL_TOKEN", "a project access token with the scope `api`, as a masked variable")
        http = Http(found("CI_API_V4_URL", ""), {"PRIVATE-TOKEN": token})
        return GitLab(http, found("CI_PROJECT_ID", ""))
    token = found("HANDRAIL_TOKEN") or found("GITHUB_TOKEN", "")
    _need(token, "GITHUB_TOKEN", "in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`")
    repository = found("GITHUB_REPOSITORY", "")
    _need("/" in repository, "GITHUB_REPOSITORY", "a workflow has it by itself; elsewhere it is OWNER/NAME")
    address = found("GITHUB_API_URL") or "https://api.github.com"
    http = Http(address, {"Authorization": f"Bearer {token}"})
    return Forgejo(http, repository) if address.rstrip("/").endswith("/api/v1") else GitHub(http, repository)


def _need(there: object, name: str, hint: str) -> None:
    if not there:
        raise WrongUsage(f"`{name}` is not set, so the host cannot be asked.", f"It is {hint}.")
