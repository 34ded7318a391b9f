"""`gk completion`: the script with which a shell completes gk's words."""

from __future__ import annotations

import click

from cli.asking import Asked, json_option
from cli.speech import Command
from gkevents.words import N_

SHELLS = ("bash", "zsh", "fish")


@click.command(
    cls=Command,
    help=N_("Print the script with which a shell completes gk's words."),
    more=(
        N_("For good: write it to a file that the shell reads when it starts."),
        N_("The shell asks gk itself, by the variable _GK_COMPLETE."),
    ),
    examples=(
        'eval "$(gk completion bash)"',
        "gk completion zsh > ~/.gk-complete.zsh",
        "gk completion fish > ~/.config/fish/completions/gk.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@json_option
@click.pass_context
def completion(ctx: click.Context, /, shell: str, *, as_json: bool) -> None:
    """Print the script."""
    from click.shell_completion import get_completion_class

    from cli.main import gk

    kind = get_completion_class(shell)
    asked: Asked = ctx.obj
    if kind is not None:
        script = kind(gk, {}, "gk", "_GK_COMPLETE").source()
        if as_json:
            asked.answer({"shell": shell, "script": script})
        else:
            asked.out(script)
