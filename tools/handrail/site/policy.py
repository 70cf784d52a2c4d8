"""What a generated page may load and run, as a content security policy (CSP Level 3) in its head.

Texts from files are cleaned before they reach a page (`site.sanitise`); the policy holds where that should fail.
Scripts and style sheets that the site's own configuration names may be loaded, and inline scripts of the theme run by
their hash.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<link\b[^>]*\brel=\"?stylesheet\b[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:src|href)=\"?(https?://[^\s\">]+)", re.IGNORECASE)
_BEGINNING = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)
_GOOGLE_FONTS = "https://fonts.googleapis.com"


def with_policy(html: str, content: str) -> str:
    """Give the page with its policy. What the theme's frame around `content` loads and runs is trusted, nothing else.

    It stands behind the character set, which browsers look for in the first kilobyte.
    """
    frame = html.replace(content, "") if content else html
    scripts = _SCRIPT.findall(frame)
    hashes = [_hash(body) for attributes, body in scripts if "src=" not in attributes and _runs(attributes)]
    from_elsewhere = [_origin(found) for attributes, _ in scripts for found in _ADDRESS.findall(attributes)]
    styles = [_origin(found) for sheet in _STYLE.findall(frame) for found in _ADDRESS.findall(sheet)]
    policy = _policy(tuple(sorted({*hashes, *from_elsewhere})), tuple(sorted(set(styles))))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return _BEGINNING.sub(lambda beginning: beginning[0] + meta, html, count=1)


@lru_cache(maxsize=64)
def _policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    fonts = ("https://fonts.gstatic.com",) if _GOOGLE_FONTS in styles else ()
    rules = {
        "default-src": ("'none'",),
        "script-src": ("'self'", *scripts),
        "style-src": ("'self'", "'unsafe-inline'", *styles),
        "img-src": ("'self'", "data:"),
        "font-src": ("'self'", *fonts),
        "connect-src": ("'self'",),
        "worker-src": ("'self'", "blob:"),
        "manifest-src": ("'self'",),
        "form-action": ("'none'",),
        "base-uri": ("'none'",),
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def _runs(attributes: str) -> bool:
    return "application/json" not in attributes and "ld+json" not in attributes


@lru_cache(maxsize=256)
def _hash(body: str) -> str:
    return "'sha256-" + base64.b64encode(sha256(body.encode()).digest()).decode() + "'"


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
