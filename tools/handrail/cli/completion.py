# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail completion`: what a shell needs to complete commands, runs, steps and people."""

from __future__ import annotations

import click

_WHERE = {
    "bash": "~/.local/share/bash-completion/completions/handrail",
    "zsh": "~/.zfunc/_handrail",
    "fish": "~/.config/fish/completions/handrail.fish",
}


@click.command()
@click.argument("shell", required=False, type=click.Choice(list(_WHERE)))
def completion(shell: str | None) -> None:
    """Print a shell's completion script.

    Without a shell, how to set each of them up. Completion offers runs, then that run's open steps, people and
    processes.

    \b
    Example:
      handrail completion bash > ~/.local/share/bash-completion/completions/handrail
    """
    if shell is None:
        for name, file in _WHERE.items():
            folder = file.rpartition("/")[0]
            click.echo(f"{name:<5} mkdir -p {folder} && handrail completion {name} > {file}")
        click.echo("\nIn zsh, `fpath+=(~/.zfunc)` must stand before `compinit` in ~/.zshrc. Then open a new shell.")
        return
    from click.shell_completion import get_completion_class

    from handrail.cli.main import handrail

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(made(handrail, {}, "handrail", "_HANDRAIL_COMPLETE").source())
