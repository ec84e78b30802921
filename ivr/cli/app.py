"""What can be typed, as a table of commands."""

from typing import Literal

from cyclopts import App

from ivr.cli.commands.answer import answer
from ivr.cli.commands.call import call
from ivr.cli.commands.campaign import campaign
from ivr.cli.commands.cmdlets import cmdlets
from ivr.cli.commands.demo import demo
from ivr.cli.commands.devices import devices
from ivr.cli.commands.draw import draw
from ivr.cli.commands.lint import lint
from ivr.cli.commands.list import list_
from ivr.cli.commands.load import load
from ivr.cli.commands.lobby import lobby
from ivr.cli.commands.phone import phone
from ivr.cli.commands.run import run
from ivr.cli.commands.schema import schema
from ivr.cli.commands.serve import serve
from ivr.cli.commands.web_user import web_user

NOUNS = {
    "profile": ("ivr.cli.profile:app", "Profiles: the products that are imitated, as data.", "show teams"),
    "prompts": ("ivr.cli.prompts:app", "What the bridge says, and your own recordings to say it instead.",
                "list --language fr-FR"),
    "organizer": ("ivr.cli.desk.organizer:app",
                  "Organizers: who can be the host of meetings that are joined by phone.",
                  "enable amos.marble@contoso.com --name 'Amos Marble'"),
    "pin": ("ivr.cli.desk.pin:app", "PINs, by which organizers start their meetings by phone.",
            "reset amos.marble@contoso.com"),
    "conference-id": ("ivr.cli.desk.conference_id:app",
                      "Conference IDs, the seven digits by which meetings are dialled.",
                      "reset amos.marble@contoso.com"),
    "meeting": ("ivr.cli.desk.meeting:app", "Meetings: scheduled, moved, cancelled, and their invitations.",
                "schedule amos.marble@contoso.com --subject Budget"),
    "number": ("ivr.cli.desk.number:app", "The numbers by which the bridge is called, and their languages.",
               "list"),
    "bridge": ("ivr.cli.desk.bridge:app", "The bridge: its name and its default number.", "show"),
    "settings": ("ivr.cli.desk.settings:app",
                 "What holds for the whole bridge: PIN length, letters, whose rules hold, and more.",
                 "set --pin-length 6"),
    "policy": ("ivr.cli.desk.policy:app",
               "Rules for all organizers, for a site's, or for those they are granted to.",
               "set pin --shortest 6"),
    "mailbox": ("ivr.cli.desk.mailbox:app", "Mailboxes: the messages in them, and how they greet callers.", "list"),
    "mail": ("ivr.cli.desk.mail:app", "Letters to organizers: written, waiting and delivered.", "list"),
}
"""Commands with verbs: where their app is, loaded when one is typed; what they are about, and an example."""


def _version() -> str:
    """Return the version that is installed."""
    from importlib.metadata import version

    return version("dial-in-conference-simulator")


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print what makes a shell complete the words of ivr.

    Example: source <(ivr completion bash)

    Parameters
    ----------
    shell
        Which: bash, zsh or fish.
    """
    print(app().generate_completion(shell=shell))
    return 0


def app() -> App:
    """Return the command line."""
    app = App(name="ivr", version=_version, version_flags=["--version"], help_format="plaintext",
              suppress_keyboard_interrupt=False,
              help="Dial into a simulated conference: true audio, faster than real time.\n\n"
                   "Example: ivr demo")
    for command in (demo, lobby, answer, run, campaign, phone, serve, call, load, lint, schema, draw, devices,
                    cmdlets, completion):
        app.command(command)
    app.command(web_user, name="web-user")
    app.command(list_, name="list")
    for name, (where, about, example) in NOUNS.items():
        app.command(where, name=name, help=f"{about}\n\nExample: ivr {name} {example}")
    return app
