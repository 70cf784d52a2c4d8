"""The table of codes in the documentation holds every code that there is."""

from __future__ import annotations

import re
from pathlib import Path

import handrail
from handrail.format.codes import CODES
from handrail.reports.verify_codes import REFUSED, TAMPERED

TOP = Path(handrail.__file__).parent
# What only starting a child run, or half a sentence on the command line, can be refused with.
ELSEWHERE = {"child-done", "no-child", "no-item", "nothing-to-assign", "other-process", "parent-closed"}


def test_every_code_of_verify_is_documented_and_every_documented_one_is_used() -> None:
    verify = [*TOP.glob("reports/verify*.py"), *TOP.glob("app/verify*.py")]
    source = "\n".join(path.read_text("utf-8") for path in (*verify, *TOP.glob("rules/*.py")))
    used = set(re.findall(r'(?:problem|Begun|Refusal)\([^"()]*"([a-z]+(?:-[a-z]+)*)"', source))
    used |= set(re.findall(r'Begun\([^"]*"([a-z]+(?:-[a-z]+)*)"', source)) | {"blocked"}
    documented = {*REFUSED, *TAMPERED}
    assert used - documented - ELSEWHERE - set(CODES) == set()
    assert documented - used == set()
