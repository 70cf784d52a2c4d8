"""Where a pull request is opened, from the remote's address alone."""

from __future__ import annotations

import pytest

from handrail.store.hosts import pull_request_page

GITLAB = (
    "https://gitlab.com/a/b/-/merge_requests/new"
    "?merge_request%5Bsource_branch%5D=handrail%2Fana&merge_request%5Btarget_branch%5D=main"
)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://github.com/acme/ops.git", "https://github.com/acme/ops/compare/main...handrail/ana?expand=1"),
        ("git@github.com:acme/ops.git", "https://github.com/acme/ops/compare/main...handrail/ana?expand=1"),
        ("ssh://git@github.acme.example:2222/acme/ops", "https://github.acme.example/acme/ops/compare/main...handrail/ana?expand=1"),
        ("https://ana:secret@github.com/acme/ops/", "https://github.com/acme/ops/compare/main...handrail/ana?expand=1"),
        ("https://gitlab.com/a/b.git", GITLAB),
        ("git@codeberg.org:acme/ops.git", "https://codeberg.org/acme/ops/compare/main...handrail/ana"),
        ("https://forgejo.example:3000/a/b", "https://forgejo.example:3000/a/b/compare/main...handrail/ana"),
        ("git@bitbucket.org:a/b.git", "https://bitbucket.org/a/b/pull-requests/new?source=handrail%2Fana&dest=main"),
    ],
)  # fmt: skip
def test_known_hosts(address, page) -> None:
    assert pull_request_page(address, "handrail/ana", "main") == page


@pytest.mark.parametrize(
    "address",
    [
        "/srv/git/github.com/ops.git", "../ops", "file:///srv/github/ops.git", "C:/github/ops", "https://git.example/a/b",
        "https://github.com", "https://[github/a", "https://github.com:x/a", "javascript://github.com/a/b",
        "", "ext::sh github",
    ],
)  # fmt: skip
def test_anything_else_has_no_page(address) -> None:
    assert pull_request_page(address, "handrail/ana", "main") == ""


def test_names_are_escaped() -> None:
    page = pull_request_page("https://github.com/a b/c?d#e", "fix #1 & ü", "main")
    assert page == "https://github.com/a%20b/c/compare/main...fix%20%231%20%26%20%C3%BC?expand=1"
    page = pull_request_page("https://gitlab.com/a/b", "x&y=z", "m#n")
    assert page.endswith("source_branch%5D=x%26y%3Dz&merge_request%5Btarget_branch%5D=m%23n")
