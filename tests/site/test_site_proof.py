"""A run's page leads to the evidence that was copied beside it."""

from __future__ import annotations

from site_made import MKDOCS, SAMPLE

FOLDER = "processes/sales/runs/2026-11-20-ada"
RUN = f"""---
run: sales/2026-11-20-ada
process: sales
title: Ada
started: 2026-11-20T09:00:00Z
---

- [x] Signed {{#signed @ana}}
  - 2026-11-20T10:00:00Z @ana done file={FOLDER}/signed-scan.pdf sha256=aa: countersigned

- [x] Seen {{#seen @ana}}
  - 2026-11-20T10:00:00Z @ana done file={FOLDER}/seen-page.html sha256=bb

## Log

- 2026-11-20T09:00:00Z @ana started
"""
FILES = {
    "processes/sales/README.md": "---\ntitle: Sales\n---\n\n- [ ] Signed {#signed @ana}\n- [ ] Seen {#seen @ana}\n",
    f"{FOLDER}.md": RUN,
    f"{FOLDER}/signed-scan.pdf": "%PDF",
    f"{FOLDER}/seen-page.html": "<script>alert(1)</script>",
}


def test_where_there_is_a_git_host_it_hands_out_the_evidence(build):
    site = build(FILES, files=SAMPLE)
    page = (site / FOLDER / "index.html").read_text(encoding="utf-8")
    assert f'<a href="https://github.com/team/shop/blob/main/{FOLDER}/signed-scan.pdf">signed-scan.pdf</a>' in page
    assert not (site / FOLDER / "signed-scan.pdf").exists()


def test_else_the_site_does_but_for_what_a_browser_would_run(build):
    alone = "\n".join(line for line in MKDOCS.split("\n") if not line.startswith(("repo_url", "edit_uri")))
    site = build(FILES | {"mkdocs.yml": alone}, files=SAMPLE)
    page = (site / FOLDER / "index.html").read_text(encoding="utf-8")
    assert '<a href="signed-scan.pdf">signed-scan.pdf</a>' in page
    assert (site / FOLDER / "signed-scan.pdf").read_text() == "%PDF"
    assert "seen-page.html" in page and not (site / FOLDER / "seen-page.html").exists()
