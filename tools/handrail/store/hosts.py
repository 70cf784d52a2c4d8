"""Where a git host opens a pull request, worked out from the remote's address."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

_SHORT_FORM = re.compile(r"(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!//)(.+)")
_SCHEMES = ("http", "https", "ssh", "git", "git+ssh", "ssh+git")


def pull_request_page(address: str, branch: str, into: str) -> str:
    """The page on GitHub, GitLab, Forgejo (Gitea, Codeberg) or Bitbucket that opens a pull request from `branch`.

    Empty for any other host, for a folder, and where the address cannot be understood. Names are escaped, and what an
    address may hold of a password is left out.
    """
    host, path = _place(address)
    if not host or not path:
        return ""
    page = f"https://{host}/{quote(path, safe='/-._~')}"
    source, target = quote(branch, safe="/-._~"), quote(into, safe="/-._~")
    kind = host.rsplit(":", 1)[0]
    if "gitlab" in kind:
        query = urlencode({"merge_request[source_branch]": branch, "merge_request[target_branch]": into})
        return f"{page}/-/merge_requests/new?{query}"
    if "bitbucket.org" in kind:
        return f"{page}/pull-requests/new?{urlencode({'source': branch, 'dest': into})}"
    if "github" in kind:
        return f"{page}/compare/{target}...{source}?expand=1"
    if any(word in kind for word in ("codeberg", "forgejo", "gitea")):
        return f"{page}/compare/{target}...{source}"
    return ""


def _place(address: str) -> tuple[str, str]:
    """Host (with the port of a web address) and path of a remote's address; empty for a folder of this machine."""
    short = _SHORT_FORM.fullmatch(address)
    if "://" in address:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return "", ""
        if parts.scheme not in _SCHEMES or not re.fullmatch(r"[A-Za-z0-9.-]+", host):
            return "", ""
        host, path = (f"{host}:{port}" if port and parts.scheme.startswith("http") else host), parts.path
    elif short and len(short.group(1)) > 1:  # one letter is a drive of Windows
        host, path = short.groups()
    else:
        return "", ""
    return host.lower(), path.strip("/").removesuffix(".git")
