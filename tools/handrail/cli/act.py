"""The verbs on runs, one command each. `handrail project` has the same ones (`verbs.py` makes both)."""

from __future__ import annotations

from handrail.cli import verbs

_RUN = verbs.RUN

check = verbs.check(_RUN)
begin = verbs.begin(_RUN)
skip = verbs.skip(_RUN)
reopen = verbs.reopen(_RUN)
approve = verbs.approve(_RUN)
reject = verbs.reject(_RUN)
assign = verbs.assign(_RUN)
due = verbs.due(_RUN)
block = verbs.block(_RUN)
unblock = verbs.unblock(_RUN)
note = verbs.note(_RUN)
set_ = verbs.set_fields(_RUN)
cancel = verbs.cancel(_RUN)
rename = verbs.rename(_RUN)
