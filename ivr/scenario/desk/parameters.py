"""Parameters of the bridge and of policies in a scenario, by our names or the cmdlets'."""

from ivr.reading import YamlNode, nearest
from ivr.scenario.desk.words import Setting

SETTINGS = "settings"


def read_settings(word: str, node: YamlNode, *, checked: bool) -> list[Setting]:
    """Read 'settings' or 'policies'.

    Parameters
    ----------
    checked : bool
        Whether each value has to be one; what the desk is to refuse is left to the desk.
    """
    if word == SETTINGS:
        return [_setting(SETTINGS, "", node, checked=checked)]
    return [_setting(*split_policy(which, one), one, checked=checked)
            for which, one in node.fields(f"{word!r}").items()]


def split_policy(which: str, node: YamlNode) -> tuple[str, str]:
    """Return kind and identity of a policy: "pin", "pin site:Redmond" or "pin NAME"."""
    from ivr.directory.parameters import GROUPS

    kind, _, identity = which.strip().partition(" ")
    kinds = [name for name in GROUPS if name != SETTINGS]
    if kind not in kinds:
        raise node.error(f"there is no policy of the kind {kind!r}{nearest(kind, kinds)}")
    return kind, identity.strip()


def _setting(group: str, identity: str, node: YamlNode, *, checked: bool) -> Setting:
    from ivr.directory.errors import BadValue
    from ivr.directory.parameters import GROUPS

    values = {}
    for name, one in node.fields(f"{group!r}").items():
        values[name] = one.text("a value")
        if checked:
            try:
                GROUPS[group].parameter(name).read(values[name])
            except BadValue as error:
                raise one.error(str(error)) from None
    if not values:
        raise node.error(f"{group!r} is empty: name parameters and their values")
    return Setting(node.line, group, values, identity)
