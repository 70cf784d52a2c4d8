"""The policy trusts the theme's frame, and nothing that stands in the content."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from handrail.site.policy import with_policy

FRAME = (
    '<!doctype html><html><head><meta charset="utf-8"><script>theme()</script></head>'
    '<body>{content}<script src="assets/main.js"></script></body></html>'
)
SMUGGLED = (
    "<p>Words</p><script>steal()</script><script src='https://evil.example/x.js'></script>"
    '<link rel="stylesheet" href="https://evil.example/x.css">'
)


def policy_of(html: str) -> str:
    return html.split('Content-Security-Policy" content="')[1].split('">', maxsplit=1)[0]


def hash_of(script: str) -> str:
    return f"sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}"


def test_a_script_that_gets_past_the_cleaning_does_not_get_past_the_policy() -> None:
    policy = policy_of(with_policy(FRAME.format(content=SMUGGLED), SMUGGLED))
    assert hash_of("theme()") in policy
    assert hash_of("steal()") not in policy
    assert "evil.example" not in policy


def test_the_character_set_comes_first(build: Any) -> None:
    page = (build() / "people/ana/index.html").read_bytes()
    assert page.index(b'<meta charset="utf-8">') < 200
    assert page.index(b'<meta charset="utf-8">') < page.index(b"Content-Security-Policy") < page.index(b"<script")
