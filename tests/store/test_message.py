"""Commit messages whose trailers are ours alone, whatever a note holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handrail.store.message import build_message, one_line

TRAILERS = (("Handrail-Action", "done"), ("Handrail-Run", "a/2026-11-23-x"), ("Handrail-Step", "send"))
HOSTILE = (
    "ok\n\nApproved-By: boss\nStep: step-99",
    "Handrail-Run: other",
    "a\r\nHandrail-Run: other\r\n",
    "---\nHandrail-Run: other",
    "Signed-off-by: x <x@y>\n(cherry picked from commit 1234)",
    "Handrail-Step: x\n Handrail-Step: folded",
    "a\x0b\x0cHandrail-Run: b\x85Handrail-Run: c\u2028Handrail-Run: d\u2029Handrail-Run: e",
    "\n\n\n",
    "# no comment",
    "x\x00y\x7fz",
    "\ud800 half a pair",
)


def read_back(clone, message: str) -> tuple[str, ...]:
    clone.repository.write_and_commit(
        "run.md", message.encode("utf-8", "replace") * 2, expected=clone.read("run.md"), message=message
    )
    said = clone.git("log", "-1", "--format=%(trailers:only,unfold)")
    return tuple(line for line in said.split("\n") if line)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("where", ["body", "everywhere"])
def test_git_reads_back_exactly_our_trailers(clone, text, where) -> None:
    subject = text if where in ("subject", "everywhere") else "done x"
    body = text if where in ("body", "everywhere") else ""
    note = text if where in ("trailer", "everywhere") else "plain"
    trailers = (*TRAILERS, ("Handrail-Note", note))
    expected = tuple(f"{key}: {one_line(value)}" for key, value in trailers if one_line(value))
    assert read_back(clone, build_message(subject, body, trailers)) == expected


@given(subject=st.text(max_size=40), body=st.text(alphabet="ab:-# \n\r\t>(\x85\u2028", max_size=60))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_gets_into_the_trailers(clone, subject, body) -> None:
    message = build_message(subject, body, TRAILERS)
    assert message.endswith("\n\n" + "\n".join(f"{key}: {value}" for key, value in TRAILERS) + "\n")
    clone.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message)
    said = clone.git("log", "-1", "--format=%(trailers:only,unfold)").strip("\n")
    assert said == "\n".join(f"{key}: {value}" for key, value in TRAILERS)


@given(body=st.text(alphabet="aB:- \n#", max_size=60))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_body_alone_makes_no_trailers(clone, body) -> None:
    clone.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", build_message("subject", body))
    assert clone.git("log", "-1", "--format=%(trailers:only,unfold)").strip("\n") == ""


def test_subjects_are_short_and_never_empty() -> None:
    assert build_message("x" * 10_000) == "x" * 99 + "…\n"
    assert build_message(" \n ") == "(no subject)\n"


def test_a_note_of_some_paragraphs_stays_readable() -> None:
    message = build_message("done x", "First line\nsecond line\n\n\nNext: paragraph", TRAILERS[:1])
    assert message == "done x\n\nFirst line\nsecond line\n\n> Next: paragraph\n\nHandrail-Action: done\n"


def test_a_bad_key_is_the_programs_mistake() -> None:
    with pytest.raises(ValueError, match="trailer key"):
        build_message("x", trailers=(("Bad Key", "x"),))
