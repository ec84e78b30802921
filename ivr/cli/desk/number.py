"""`ivr number`: the numbers by which the bridge is called."""

from ivr.cli.desk.kit import Flag, Sure, Where, as_json, counted, listed, noun, opened, posted, shown, sure
from ivr.cli.faults import UsageError
from ivr.cli.options import NumberType, OfNumber, OfNumbers
from ivr.directory.parameters import LANGUAGES

app = noun("number")

_HERE, _ASK = Where(), Sure()


@app.command(name="list")
def list_(number: str = "", /, *, country: str = "", city: str = "", bridge: str = "", where: Where = _HERE) -> int:
    """List the bridge's numbers.

    Example: ivr number list --country FR

    Parameters
    ----------
    number
        Only this one.
    country
        Only those of this country, two letters.
    city
        Only those of this city.
    bridge
        Name or ID of the bridge, to be sure that it is this one.
    """
    with opened(where) as desk:
        rows = desk.numbers.list(country=country, city=city, bridge=bridge)
        if number:
            rows = [row for row in rows if row.number == desk.numbers.show(number).number]
    listed(rows, {"number": "NUMBER", "kind": "KIND", "sharing": "SHARING", "country": "COUNTRY", "city": "CITY",
                  "application": "LEADS TO", "languages": "LANGUAGES", "default": "DEFAULT",
                  "organizers": "ORGANIZERS"}, where,
           size=max(1, len(rows)))
    return 0


@app.command
def show(number: str, /, *, where: Where = _HERE) -> int:
    """Show a number.

    Example: ivr number show +14255550100

    Parameters
    ----------
    number
        +14255550100, 14255550100 or tel:+14255550100.
    """
    with opened(where) as desk:
        (as_json if where.json else shown)(desk.numbers.show(number))
    return 0


@app.command(name="set")
def set_(number: str, /, *, primary_language: OfNumber = "", secondary_languages: OfNumbers = None,
         restore_default_languages: Flag = False, application: str = "", where: Where = _HERE) -> int:
    """Set which languages a number speaks: a first one, and up to four others in the order they are offered.

    Example: ivr number set +14255550100 --primary-language en-US --secondary-languages fr-FR,zh-CN

    Parameters
    ----------
    number
        +14255550100, 14255550100 or tel:+14255550100.
    primary_language
        The language in which it answers; 'ivr number languages' lists them.
    secondary_languages
        The others, after commas or one option each; 'none' for none.
    restore_default_languages
        Speak the default ones again.
    application
        What it leads to from the next call or run on: conference, or mailbox.
    """
    secondary = _named(secondary_languages)
    spoken = bool(primary_language or secondary is not None or restore_default_languages)
    if not (spoken or application):
        raise UsageError("there is nothing to set: add --primary-language, --secondary-languages, "
                         "--restore-default-languages or --application")
    with opened(where, founds=True) as desk, desk.store.together():
        if spoken:
            changed = desk.numbers.set_languages(number, primary=primary_language, secondary=secondary,
                                                 restore_default=restore_default_languages)
        if application:
            changed = desk.numbers.lead(number, application)
        (as_json if where.json else shown)(changed)
    return 0


def _named(given: list[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    return () if [name.lower() for name in names] in (["none"], ["$null"]) else tuple(names)


@app.command
def add(number: str, /, *, toll_free: Flag = False, shared: Flag = False, country: str = "", city: str = "",
        primary_language: OfNumber = "", secondary_languages: OfNumbers = None, application: str = "",
        bridge: str = "", where: Where = _HERE) -> int:
    """Give the bridge another number.

    Example: ivr number add +442075550100 --country GB --city London --primary-language en-GB

    Parameters
    ----------
    number
        +442075550100, 442075550100 or tel:+442075550100.
    toll_free
        Whether calling it is free.
    shared
        Whether others use it too; a shared number has no languages of its own.
    country
        Two letters; it is the default number of organizers of this country.
    city
        For people to know where it is a local call.
    primary_language
        The language in which it answers.
    secondary_languages
        The others, up to four.
    application
        What it leads to: conference, mailbox for voice mail, or attendant; behind these two may stand the name of
        a dial plan or an attendant. A mailbox owner's own number takes messages for him.
    bridge
        Name or ID of the bridge, to be sure that it is this one.
    """
    with opened(where, founds=True) as desk:
        desk.numbers.bridge(bridge)
        made = desk.numbers.add(number, toll_free=toll_free, shared=shared, country=country, city=city,
                                primary_language=primary_language,
                                secondary_languages=_named(secondary_languages) or (), application=application)
        (as_json if where.json else shown)(made)
    return 0


@app.command
def remove(number: str, /, *, remove_default: Flag = False, bridge: str = "", given: Sure = _ASK,
           where: Where = _HERE) -> int:
    """Take a number from the bridge; nobody may have it.

    Example: ivr number remove +33199000100 --yes

    Parameters
    ----------
    number
        +33199000100, 33199000100 or tel:+33199000100.
    remove_default
        Do so even though it is the bridge's default number.
    bridge
        Name or ID of the bridge, to be sure that it is this one.
    """
    with opened(where) as desk:
        desk.numbers.bridge(bridge)
        found = desk.numbers.show(number)
        sure(f"Take {found.number} from the bridge?", given)
        desk.numbers.remove(found.number, remove_default=remove_default)
    if where.json:
        as_json({"number": found.number, "removed": True})
    else:
        print(f"The bridge no longer has {found.number}.")
    return 0


@app.command
def renumber(before: str, after: str, /, *, number_type: NumberType = "toll", country: str = "", bridge: str = "",
             reschedule: Flag = False, given: Sure = _ASK, where: Where = _HERE) -> int:
    """Give all organizers who have one number another; each gets a letter.

    Example: ivr number renumber +14255550100 +33199000100 --country FR --yes

    Parameters
    ----------
    before
        The number they have.
    after
        The number they get.
    number_type
        toll, or toll-free: which of their two numbers it is about.
    country
        Only organizers of this country, two letters.
    bridge
        Name or ID of the bridge, to be sure that it is this one.
    reschedule
        Send their invitations again too.
    """
    kind = number_type.lower().replace("-", "")
    if kind not in ("toll", "tollfree"):
        raise UsageError(f"--number-type takes toll or toll-free, not {number_type!r}")
    with opened(where) as desk:
        desk.numbers.bridge(bridge)
        has = desk.numbers.show(before).organizers
        if has:
            sure(f"Give {counted(has, 'organizer')} with {before} the number {after}? Their invitations tell the "
                 "old one.", given)
        changed = desk.numbers.renumber(before, after, toll_free=kind == "tollfree", country=country,
                                        reschedule=reschedule)
        if where.json:
            as_json({"changed": len(changed), "organizers": changed})
        else:
            who = counted(len(changed), "organizer")
            print(f"{who} with {after} now; each gets a letter unless letters are off." if changed else
                  f"No organizer has {before}: nothing was changed.")
        return posted(desk, where)


@app.command
def languages(*, where: Where = _HERE) -> int:
    """List the languages that a number can have.

    Example: ivr number languages
    """
    if where.json:
        as_json([{"language": culture, "name": name} for culture, name in LANGUAGES.items()])
        return 0
    for culture, name in LANGUAGES.items():
        print(f"{culture:<8}{name}")
    return 0


@app.command(name="test")
def try_(*numbers: str, where: Where = _HERE) -> int:
    """Call the bridge's numbers in a dry run, to see that each answers and asks for the conference ID.

    Example: ivr number test

    Parameters
    ----------
    numbers
        Those to call; all if left out.
    """
    from ivr.cli.desk.trial import called

    with opened(where) as desk:
        chosen = [desk.numbers.show(number).number for number in numbers] or [
            one.number for one in desk.numbers.list()]
    rows = called(chosen)
    if where.json:
        as_json([{"number": number, "ok": asked is not None, "asked_after_s": asked} for number, asked in rows])
    else:
        for number, asked in rows:
            print(f"{number}: " + ("it does not ask for a conference ID." if asked is None else
                                   f"it answers, and has asked for the conference ID after {asked:.1f} s."))
    return 0 if rows and all(asked is not None for _, asked in rows) else 1
