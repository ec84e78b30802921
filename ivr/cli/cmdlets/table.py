"""Every cmdlet of the source documents and of section E, and the one of our commands that it is."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from ivr.cli.cmdlets.base import ASK, Argument, Cmdlet
from ivr.directory.parameters import GROUPS

_WHO = Argument("Identity", "word", example="{who}")
_BRIDGE = (Argument("BridgeId", to="--bridge", example="{bridge}"),
           Argument("BridgeName", to="--bridge", example="{bridge}"))
_SENDING = (
    Argument("SendEmail", "switch", "--send-email"),
    Argument("SendEmailToAddress", to="--send-email-to", example="u@hotmail.com", beside="-SendEmail"),
    Argument("SendEmailFromAddress", to="--send-email-from-address", example="desk@contoso.com",
             beside="-SendEmail -SendEmailFromDisplayName Desk"),
    Argument("SendEmailFromDisplayName", to="--send-email-from-name", example="Desk",
             beside="-SendEmail -SendEmailFromAddress desk@contoso.com"),
)
_NUMBERS = (
    Argument("ServiceNumber", to="--service-number", example="+33199000100"),
    Argument("TollFreeServiceNumber", to="--toll-free-number", example="+18005550100"),
)
_PSTN_ONLY = Argument("AllowPSTNOnlyMeetings", "yes-no", "--pstn-only", "--no-pstn-only", example="$true")
_FORCE = (
    Argument("Force", "switch", "--yes"),
    Argument("Confirm", "yes-no", ASK, "--yes", example="$false"),
)
_AT_ONCE = Argument("AsJob", "nothing", why="it is done at once")
_ONE_BRIDGE = Argument("SetDefault", "nothing", why="a directory has one bridge, which is the default")

_ONLINE = (
    Cmdlet("Get-CsOnlineDialInConferencingUser", ("organizer", "list"), (
        _WHO, *_BRIDGE, Argument("ServiceNumber", to="--number", example="+14255550100"),
        Argument("ResultSize", to="--page-size", example="10")), "E, S4.9"),
    Cmdlet("Set-CsOnlineDialInConferencingUser", ("organizer", "set"), (
        _WHO, *_NUMBERS, _PSTN_ONLY,
        Argument("AllowTollFreeDialIn", "yes-no", "--toll-free-dial-in", "--no-toll-free-dial-in",
                 example="$false"),
        *_BRIDGE, Argument("ResetLeaderPin", "switch", "--reset-pin"), *_SENDING,
        Argument("ConferenceId", to="--conference-id", example="7654321"),
        Argument("ResetConferenceId", "switch", "--reset-conference-id"), _AT_ONCE, *_FORCE), "E, S4.18, S4.19",
        asks=True),
    Cmdlet("Enable-CsOnlineDialInConferencingUser", ("organizer", "enable"), (
        replace(_WHO, example="{new}"), *_NUMBERS, _PSTN_ONLY,
        Argument("ConferenceId", to="--conference-id", example="7654321"), *_SENDING,
        Argument("ReplaceProvider", "nothing", why="there is no other provider"), _AT_ONCE), "E"),
    Cmdlet("Disable-CsOnlineDialInConferencingUser", ("organizer", "disable"), (
        _WHO, *_SENDING, _AT_ONCE, *_FORCE), "E, C-13", asks=True),
    Cmdlet("Set-CsOnlineDialInConferencingUserDefaultNumber", ("number", "renumber"), (
        Argument("FromNumber", "word", example="+14255550100"),
        Argument("ToNumber", "word", at=1, example="+33199000100"),
        Argument("NumberType", to="--number-type", example="Toll"), *_BRIDGE,
        Argument("CountryOrRegion", to="--country", example="FR"),
        Argument("RescheduleMeetings", "switch", "--reschedule"), *_FORCE), "E, D10", asks=True),
    Cmdlet("Get-CsOnlineDialInConferencingBridge", ("bridge", "show"), (
        Argument("Identity", "word", example="{bridge}"), Argument("Name", "word", example="{bridge}")), "E"),
    Cmdlet("Set-CsOnlineDialInConferencingBridge", ("bridge", "set"), (
        Argument("Identity", "word", example="{bridge}"), Argument("Name", "word", example="{bridge}"),
        Argument("Instance", to="--name", example="Contoso bridge"),
        Argument("DefaultServiceNumber", to="--default-service-number", example="+33199000100"), _ONE_BRIDGE),
        "E, D8"),
    Cmdlet("Get-CsOnlineDialInConferencingServiceNumber", ("number", "list"), (
        Argument("Identity", "word", example="+14255550100"), *_BRIDGE,
        Argument("City", to="--city", example="Paris")), "E, D9"),
    Cmdlet("Set-CsOnlineDialInConferencingServiceNumber", ("number", "set"), (
        Argument("Identity", "word", example="+14255550100"),
        Argument("PrimaryLanguage", to="--primary-language", example="de-DE"),
        Argument("SecondaryLanguages", to="--secondary-languages", example="es-ES,zh-CN"),
        Argument("RestoreDefaultLanguages", "switch", "--restore-default-languages")),
        "E, A1.4, A1.6, A1.7"),
    Cmdlet("Register-CsOnlineDialInConferencingServiceNumber", ("number", "add"), (
        Argument("Identity", "word", example="+442075550100"), *_BRIDGE), "E, D9"),
    Cmdlet("Unregister-CsOnlineDialInConferencingServiceNumber", ("number", "remove"), (
        Argument("Identity", "word", example="+33199000100"), *_BRIDGE,
        Argument("RemoveDefaultServiceNumber", "switch", "--remove-default"), *_FORCE), "E", asks=True),
    Cmdlet("Get-CsOnlineDialInConferencingLanguagesSupported", ("number", "languages"), (), "E, A1.8"),
    Cmdlet("Get-CsOnlineDialinConferencingPolicy", ("policy", "list"), (), "E"),
    Cmdlet("Get-CsMeetingMigrationStatus", ("meeting", "migration"), (_WHO,), "C-12"),
    Cmdlet("Start-CsExMeetingMigration", ("meeting", "migrate"), (_WHO,), "C-12"),
)

_SERVER = (
    Cmdlet("Set-CsClientPin", ("pin", "reset"), (
        _WHO, Argument("Pin", to="--pin", example="58139206"), *_FORCE), "B4", "sfbserver", asks=True),
    Cmdlet("Lock-CsClientPin", ("pin", "lock"), (_WHO,), "B4", "sfbserver"),
    Cmdlet("Unlock-CsClientPin", ("pin", "unlock"), (_WHO,), "B4", "sfbserver"),
    Cmdlet("Get-CsClientPinInfo", ("pin", "info"), (_WHO,), "B4", "sfbserver"),
    Cmdlet("Set-CsPinSendCAWelcomeMail", ("pin", "welcome"), (
        Argument("UserUri", "word", example="{who}"), Argument("Force", "switch", "--force"),
        Argument("From", to="--send-email --send-email-from-name=Conferencing --send-email-from-address",
                 example="desk@contoso.com")), "B4", "sfbserver", asks=True),
    Cmdlet("Test-CsDialInConferencing", ("number", "test"), (), "E", "sfbserver"),
)

_UM_LETTER = (
    Argument("NotifyEmail", to="--send-email --send-email-to", example="u@hotmail.com"),
    Argument("SendEmail", "yes-no", "--send-email", "--no-send-email", example="$true"),
)
_UM = (
    Cmdlet("Set-UMMailboxPIN", ("pin", "reset"), (
        _WHO, Argument("Pin", to="--pin", example="1985848"),
        Argument("PINExpired", "yes-no", "--change-at-first-use", "--no-change-at-first-use", example="$true"),
        Argument("LockedOut", "yes-no", "--lock", example="$true"), *_UM_LETTER, *_FORCE), "F3, S2.18", "um",
        asks=True),
    Cmdlet("Get-UMMailboxPIN", ("pin", "info"), (_WHO,), "F3", "um"),
    Cmdlet("Enable-UMMailbox", ("organizer", "enable"), (
        replace(_WHO, example="{new}"), Argument("Extensions", to="--extension", example="36697"),
        Argument("PIN", to="--pin", example="1985848"), Argument("SIPResourceIdentifier", to="--sip-uri",
                                                                example="{sip}"), *_UM_LETTER), "F3", "um"),
    Cmdlet("Disable-UMMailbox", ("organizer", "disable"), (_WHO, *_FORCE), "F3", "um", asks=True),
)


_WHAT_IF = Argument("WhatIf", "switch", "--what-if")
_POLICY = Argument("PolicyName", "word", example="{policy}")


def _of_group(name: str, verbs: tuple[str, ...], administration: str) -> tuple[Cmdlet, ...]:
    """Return the cmdlets of a group of parameters."""
    group = GROUPS[name]
    values = tuple(Argument(spelt, "value", parameter.name, example=parameter.show(parameter.default))
                   for parameter in group.parameters if parameter.cmdlet_name for spelt in parameter.names()[1:])
    scope = Argument("Identity", "word", example="global")
    made = {
        "Get": Cmdlet("", ("policy", "show", name), (scope,)),
        "Set": Cmdlet("", ("policy", "set", name), (scope, *values, _WHAT_IF), words=("global",)),
        "New": Cmdlet("", ("policy", "new", name), (replace(scope, example="{fresh}"), *values)),
        "Remove": Cmdlet("", ("policy", "reset", name), (scope, *_FORCE), asks=True),
        "Grant": Cmdlet("", ("policy", "grant", name), (_POLICY, replace(_WHO, at=1))),
    }
    if not group.scoped:
        made |= {
            "Get": Cmdlet("", ("settings", "show")),
            "Set": Cmdlet("", ("settings", "set"), (*values, _WHAT_IF)),
            "Remove": Cmdlet("", ("settings", "reset"), _FORCE, asks=True),
        }
    return tuple(replace(made[verb], name=f"{verb}-{group.cmdlet_noun}", administration=administration)
                 for verb in verbs)


_EVERY = ("Get", "Set", "New", "Remove", "Grant")

CMDLETS: Mapping[str, Cmdlet] = MappingProxyType({cmdlet.name.lower(): cmdlet for cmdlet in (
    *_of_group("settings", ("Get", "Set", "Remove"), "online"), *_ONLINE,
    *_of_group("meeting", _EVERY, "online"), *_of_group("audio-conferencing", _EVERY, "online"),
    *_SERVER, *_of_group("pin", _EVERY, "sfbserver"),
    *(cmdlet for name in ("keys", "joining", "meetings") for cmdlet in _of_group(name, _EVERY[:4], "sfbserver")),
    *_UM, *(cmdlet for name in ("um-mailbox", "um-dial-plan", "um-auto-attendant")
      for cmdlet in _of_group(name, _EVERY[:4], "um")))})
"""Every cmdlet by its name in small letters."""
