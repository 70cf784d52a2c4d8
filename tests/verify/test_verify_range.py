"""Which commits are judged, how it is told, and what hostile text can do: nothing."""

from __future__ import annotations

import json
import re
import subprocess

RUN = "processes/onboarding/runs/2026-11-02-acme.md"


def tick_sent(history) -> str:
    return history.forge("eve", RUN, lambda text: text.replace("- [ ] Send", "- [x] Send"))


def test_the_ways_to_name_a_range(history) -> None:
    history.do("ana", "check", "acme", "draft")
    base = history.head()
    history.folder.git("switch", "--quiet", "--create", "topic")
    bad = tick_sent(history)
    for words in ((base,), (f"{base}..HEAD",), (f"{base}..",), ("main...topic",), ("main..topic",), (), ("--all",)):
        result = history.call(history.folder, "verify", *words, "--json")
        assert {one["commit"] for one in json.loads(result.stdout)["problems"]} == {bad}, words
    assert history.verify("main..main") == []
    assert history.call(history.folder, "verify", "nothing..HEAD").exit_code == 3
    assert history.call(history.folder, "verify", "--output=x").exit_code == 2
    assert history.call(history.folder, "verify", "a..b", "--all").exit_code == 2


def test_the_base_that_a_build_server_names(history, monkeypatch) -> None:
    history.folder.git("update-ref", "refs/remotes/origin/main", "HEAD")
    history.folder.git("switch", "--quiet", "--create", "topic")
    bad = tick_sent(history)
    history.do("ana", "check", "acme", "draft")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    result = history.call(history.folder, "verify", "--json")
    assert {one["commit"] for one in json.loads(result.stdout)["problems"]} == {bad}


def test_a_history_from_its_first_commit(history) -> None:
    whole = history.call(history.folder, "verify", "--all")
    assert (whole.exit_code, whole.output) == (0, "4 changes in 2 commits, all in order.\n")


def test_before_the_first_commit_and_outside_a_repository(workspace, handrail, tmp_path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert handrail(folder, "verify").exit_code == 3
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    assert handrail(folder, "verify").exit_code == 3


def test_a_shallow_clone_says_what_it_needs(history, tmp_path) -> None:
    history.do("ana", "check", "acme", "draft")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{history.folder.root}", str(clone)], check=True)
    for words in (("--all",), (f"{history.base}..HEAD",)):
        result = history.call(clone, "verify", *words)
        assert result.exit_code == 3
        assert "shallow" in result.output or "does not hold the history" in result.output
        assert "fetch-depth: 0" in result.output


def test_what_is_told(history) -> None:
    bad = tick_sent(history)
    text = history.call(history.folder, "verify", history.base)
    line = history.line(RUN, "{#send")
    assert text.exit_code == 1
    assert f"{RUN}:{line}:3: error[gate]: `send` was ticked by hand: `send` is behind the gate `gate`" in text.output
    assert f"in commit {bad[:10]}" in text.output
    assert text.output.endswith("1 error in 2 changes in 2 commits.\n")
    whole = json.loads(history.call(history.folder, "verify", history.base, "--json").stdout)
    assert (whole["schema"], whole["head"], whole["base"]) == ("verify/1", bad, history.base)
    assert set(whole["problems"][0]) == {"code", "level", "path", "line", "column", "message", "hint", "commit"}
    github = history.call(history.folder, "verify", history.base, "--format", "github").output
    assert github.startswith(f"::error file={RUN},line={line},col=3,title=gate::`send` was ticked")
    markdown = history.call(history.folder, "verify", history.base, "--format", "markdown").output
    assert markdown.startswith("### Handrail\n\n1 error in 2 changes")
    fine = history.call(history.folder, "verify", "HEAD..HEAD", "--format", "github")
    assert (fine.exit_code, fine.output) == (0, "")


def test_hostile_words_stay_words(history) -> None:
    hostile = "done\r::error::x%0A<img src=x onerror=alert(1)> [a](javascript:b) | `c` @org/team https://evil.example"
    history.forge("eve", RUN, lambda text: text.replace("- [ ] Send", f"- [x] Send {hostile[6:]}"))
    history.forge("eve", RUN, lambda text: f"{text}- 2026-11-02T12:00:00Z @a|b<i>::warning:: {hostile}\n")
    for style in ("text", "github", "markdown", "json"):
        result = history.call(history.folder, "verify", history.base, "--format", style)
        assert result.exit_code == 1
        assert "\r" not in result.output
        if style == "github":
            assert all(re.match(r"::(error|warning|notice) file=", line) for line in result.output.splitlines())
        if style == "markdown":
            rows = [line for line in result.output.splitlines() if line.startswith("| ")]
            assert not any("<img" in row or "@org" in row or "https://" in row for row in rows)
            assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_files_that_cannot_be_read_are_problems_not_crashes(history) -> None:
    contents = [b"\xff\xfe", b"---\n[\n---\n", b"", b"---\nrun: " + b"[" * 500 + b"\n---\n", b"\0", b"- [x] a\n" * 3]
    for number, content in enumerate(contents):
        (history.folder.root / RUN.replace("acme", f"x{number}")).write_bytes(content)
    (history.folder.root / RUN.replace("acme", "link")).symlink_to("/etc/passwd")
    history.folder.write({"projects/x/README.md": "---\ntitle: [\n", "handrail.yml": "people: [\n"})
    history.as_person("ana", history.time())
    commit = history.folder.commit("bad")
    found = history.verify()
    assert {one["commit"] for one in found} == {commit}
    assert len({one["path"] for one in found if one["level"] == "error"}) >= len(contents) + 1


def test_require_signed(history, tmp_path) -> None:
    base = history.head()
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (tmp_path / "allowed").write_text(f"ana@example.org {key.with_suffix('.pub').read_text()}")
    history.folder.git("config", "gpg.format", "ssh")
    history.folder.git("config", "user.signingkey", str(key))
    history.folder.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "allowed"))
    history.folder.git("config", "commit.gpgsign", "true")
    history.do("ana", "check", "acme", "draft")
    assert history.verify(base, "--require-signed") == []
    history.folder.git("config", "commit.gpgsign", "false")
    unsigned = history.do("ana", "check", "acme", "gate")
    history.folder.write({"a.txt": "not Handrail's"})
    history.folder.commit("other")
    assert [(one["commit"], one["code"]) for one in history.verify(base, "--require-signed")] == [
        (unsigned, "unsigned")
    ]


def test_new_people_bring_their_own_name_and_no_rights(history) -> None:
    base = history.head()
    config = history.folder.read("handrail.yml")
    mine = config.replace("people:\n", "people:\n  eve: {name: Eve Adams, email: [eve@example.org]}\n")
    history.forge("eve", "handrail.yml", lambda _: mine.replace("[ben, chi]", "[ben, chi, eve]"))
    history.do("eve", "note", "acme", "-m", "hello")
    assert history.verify(base) == []


def test_a_private_address_of_the_host_counts_by_its_login(history) -> None:
    config = history.folder.read("handrail.yml").replace("name: Ana Reyes,", "name: Ana Reyes, github: ana-r,")
    history.forge("mara", "handrail.yml", lambda _: config)
    base = history.head()
    history.as_person("ana", history.time())
    history.folder.write({RUN: history.folder.read(RUN).replace("[ ] Draft", "[x] Draft")})
    history.folder.commit("by web", author="Ana <123+ana-r@users.noreply.github.com>")
    assert history.verify(base) == []
    history.folder.git("reset", "--quiet", "--hard", base)


def test_fmt_writes_the_event_of_a_tick_and_may_be_run_by_anybody(history) -> None:
    history.forge("ana", RUN, lambda text: text.replace("[ ] Draft", "[x] Draft"))
    when = history.time()
    history.as_person("mara", when)
    assert history.call(history.folder, "fmt", now=when).exit_code == 0
    history.folder.commit("fmt")
    assert history.verify() == []


def test_projects_may_be_planned_anew_and_keep_their_history(history) -> None:
    path = "projects/move/README.md"
    plan = "---\ntitle: Move\n---\n\n- [ ] Pack {#pack @ana}\n\n- [ ] Drive {#drive after=pack}\n"
    history.as_person("ana", history.time())
    history.folder.write({path: plan})
    history.folder.commit("plan")
    history.do("ana", "project", "check", "move", "pack")
    history.forge(
        "mara",
        path,
        lambda text: text.replace(
            "Drive {#drive after=pack}", "Drive far {#drive after=pack est=2d}\n\n- [ ] New {#new}"
        ),
    )
    assert history.verify() == []
    early = history.forge("ben", path, lambda text: re.sub(r"  - \S+ @ana done\n", "", text))
    found = history.verify()
    assert {(one["commit"], one["code"]) for one in found} == {(early, "event-removed")}


def test_the_verdict_depends_on_the_commits_alone_not_on_the_clone_or_the_clock(history, tmp_path) -> None:
    history.do("ana", "check", "acme", "draft")
    history.forge("ben", RUN, lambda text: text.replace("@ana done", "@mara done"))
    here = history.verify()
    assert here
    elsewhere = tmp_path / "elsewhere"
    history.folder.git("clone", "-q", str(history.folder.root), str(elsewhere))
    result = history.call(
        history.folder, "-C", str(elsewhere), "verify", history.base, "--json", now="2030-01-01T00:00:00Z"
    )
    assert json.loads(result.stdout)["problems"] == here
