"""`handrail diff`: two revisions out of git, in words, as Markdown, as JSON."""

from __future__ import annotations

import json

import pytest

NOW = "2026-11-23T09:12:00Z"
README = "processes/onboarding/README.md"
OLD = "---\ntitle: Onboarding\n---\n\n- [ ] Send it {#send @ana due=2d}\n\n- [ ] Sign it {#sign @ben}\n"
NEW = "---\ntitle: Onboarding\n---\n\n- [ ] Send it {#send @ben due=3d}\n\n- [ ] Sign it {#sign @ben approval}\n"


@pytest.fixture
def changed(workspace, handrail):
    folder = workspace({README: OLD, "processes/other/README.md": "- [ ] Rest\n"})
    assert handrail(folder, "start", "onboarding", "Ada", now=NOW).exit_code == 0
    folder.write({README: NEW})
    folder.commit("onboarding: legal signs")
    return folder


def test_the_commit_before_is_compared_where_there_is_no_upstream(changed, handrail):
    result = handrail(changed, "diff", now=NOW)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Onboarding  onboarding, changed",
        "  ~  Send it  [send]",
        "      done by `@ben` instead of `@ana`",
        "      deadline `3d` instead of `2d`",
        "  ~  Sign it  [sign]",
        "      needs approval now, by one",
        "  1 active run keeps an older revision: `2026-11-23-ada`",
    ]


def test_what_is_not_committed_yet_is_compared_too(changed, handrail):
    changed.write({README: NEW.replace("Sign it", "Sign all")})
    assert "reworded, was `Sign it`" in handrail(changed, "diff", "HEAD", now=NOW).output


def test_what_others_changed_on_the_base_is_left_out(changed, handrail):
    changed.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    changed.write({"processes/other/README.md": "- [ ] Rest well {#rest}\n"})
    changed.commit()
    output = handrail(changed, "diff", "main", now=NOW).output
    assert "other, changed" in output
    assert "onboarding" not in output


def test_a_branch_is_compared_with_its_upstream(changed, handrail):
    changed.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    changed.git("branch", "--quiet", "--set-upstream-to=main")
    changed.write({"processes/other/README.md": "- [ ] Rest well {#rest}\n"})
    changed.commit()
    changed.commit("one more")
    assert "reworded, was `Rest`" in handrail(changed, "diff", now=NOW).output


def test_one_process_alone_whichever_word_it_is(changed, handrail):
    changed.write({"processes/other/README.md": "- [ ] Rest well {#rest}\n"})
    assert "Onboarding" not in handrail(changed, "diff", "HEAD~1", "other", now=NOW).output
    assert "Onboarding" not in handrail(changed, "diff", "other", now=NOW).output
    refused = handrail(changed, "diff", "nosuch", now=NOW)
    assert refused.exit_code == 2
    assert "Git knows no commit of that name either." in refused.output


def test_a_process_that_is_gone_can_be_named(changed, handrail):
    changed.git("rm", "--quiet", "-r", "processes/other")
    changed.commit()
    output = handrail(changed, "diff", "HEAD~1", "other", now=NOW).output
    assert "other, removed" in output
    assert "-  Rest" in output


def test_before_the_first_commit_everything_is_new(workspace, handrail):
    folder = workspace({README: OLD})
    assert "onboarding, new" in handrail(folder, "diff", now=NOW).output


def test_nothing_changed_is_said(changed, handrail):
    assert handrail(changed, "diff", "HEAD", now=NOW).output.startswith("No procedure has changed since ")


def test_line_ends_are_no_change(changed, handrail):
    changed.write({README: NEW.replace("\n", "\r\n")})
    assert handrail(changed, "diff", "HEAD", now=NOW).output.startswith("No procedure has changed")


def test_markdown_does_nothing_but_read(changed, handrail):
    title = "Ping @everyone #1 [x](https://evil.example) ![y](z) `q` | *a* &lt;b&gt; <script>alert(1)</script>"
    changed.write({README: f"- [ ] {title} {{#send @ana due=2d}}\n\n- [ ] Sign it {{#sign}}\n"})
    output = handrail(changed, "diff", "HEAD", "--format", "markdown", now=NOW).output
    for harmful in ("@everyone", " #1", "](", "<script", " *a*", " | "):
        assert harmful not in output, harmful
    assert output.startswith("### What this means for 1 procedure\n\n**Onboarding**")


def test_json_says_all_of_it(changed, handrail):
    view = json.loads(handrail(changed, "diff", "--json", now=NOW).output)
    assert view["schema"] == "diff/1"
    (process,) = view["processes"]
    assert (process["process"], process["change"], process["front"]) == ("onboarding", "changed", [])
    assert process["steps"][1] == {
        "step": "sign",
        "title": "Sign it",
        "stage": "",
        "change": "changed",
        "changes": [{"kind": "approval", "name": "", "was": "", "now": "1"}],
    }
    assert [run["run"] for run in process["runs"]] == ["onboarding/2026-11-23-ada"]


def test_a_procedure_with_errors_is_compared_and_said_to_have_them(changed, handrail):
    changed.write({README: NEW.replace("approval", "aproval")})
    result = handrail(changed, "diff", "HEAD", now=NOW)
    assert result.exit_code == 0
    assert "has errors" in result.output
