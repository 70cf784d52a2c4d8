"""A small picture for a README: a name on the left, how it stands on the right."""

from __future__ import annotations

from handrail.site.markup import Html, tag, text

COLOURS = {"good": "#1f7a4d", "warn": "#a85400", "bad": "#c0262d", "calm": "#3f51b5"}
_WIDE = frozenset("mwMWQ@%&")
_NARROW = frozenset("iljtfrI.,:;'!|()[] 1")


def badge(name: str, value: str, colour: str) -> str:
    """Give the picture as a whole SVG file. `colour` is one of `COLOURS`; the words are in a fixed width."""
    left, right = _width(name) + 12, _width(value) + 12
    said = f"{name}: {value}"
    back = text(
        [
            tag("path", d=f"M3 0h{left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z", fill="#4a4a4a"),
            tag("path", d=f"M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}z", fill=COLOURS[colour]),
        ]
    )
    words = tag(
        "g", _words(name, 6, left - 12), _words(value, left + 6, right - 12), fill="#fff", font_size=11,
        font_family="Verdana,DejaVu Sans,Geneva,sans-serif",
    )  # fmt: skip
    whole = left + right
    picture = tag(
        "svg", tag("title", said), back, words, xmlns="http://www.w3.org/2000/svg", role="img", aria_label=said,
        width=whole, height=20, viewBox=f"0 0 {whole} 20",
    )  # fmt: skip
    return f"{picture}\n"


def _words(words: str, left: int, width: int) -> Html:
    return tag("text", words, x=left, y=14, textLength=width, lengthAdjust="spacingAndGlyphs")


def _width(words: str) -> int:
    """Give about how wide words are, in pixels; `textLength` makes them so."""
    return round(
        sum(4.2 if char in _NARROW else 10.0 if char in _WIDE or ord(char) > 0x2E80 else 6.8 for char in words)
    )
