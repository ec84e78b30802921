"""`ivr settings`: what holds for the whole bridge."""

from ivr.cli.desk.kit import Flag, Sure, Where, noun, opened, sure
from ivr.cli.desk.parameters import changes, told_parameters
from ivr.directory.office import SETTINGS

app = noun("settings")

_HERE, _ASK = Where(), Sure()


@app.command
def show(*names: str, where: Where = _HERE) -> int:
    """Show settings: those that are named, or all.

    Example: ivr settings show pin-length

    Parameters
    ----------
    names
        Our names, or the cmdlet's.
    """
    with opened(where) as desk:
        told_parameters(SETTINGS, desk.settings.show(SETTINGS), where, only=names)
    return 0


@app.command(name="set")
def set_(*, what_if: Flag = False, where: Where = _HERE, **values: str) -> int:
    """Change settings, all that are named or none; each is an option, as 'ivr settings show' names it.

    Example: ivr settings set --pin-length 6 --send-mails no

    Parameters
    ----------
    what_if
        Tell what would be set, and change nothing.
    values
        A setting: --pin-length 6.
    """
    with opened(where, founds=True) as desk:
        wanted = changes(values, "ivr settings set --pin-length 6")
        now_set = desk.settings.set(SETTINGS, wanted, what_if=what_if)
        told_parameters(SETTINGS, now_set, where, only=tuple(wanted), what_if=what_if)
    return 0


@app.command
def reset(*, given: Sure = _ASK, where: Where = _HERE) -> int:
    """Bring all settings back to their defaults.

    Example: ivr settings reset --yes
    """
    with opened(where) as desk:
        sure("Bring all settings back to their defaults?", given)
        desk.settings.reset(SETTINGS)
        told_parameters(SETTINGS, desk.settings.show(SETTINGS), where)
    return 0
