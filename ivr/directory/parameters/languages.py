"""The languages that a bridge speaks to its callers, and that letters are asked for in (A1.8).

The list the products print has two slips: fi-FL for Finnish, and sk-SK a second time, for Slovenian.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from ivr.directory.errors import BadValue, nearest
from ivr.directory.parameters.words import NOTHING

LANGUAGES: Mapping[str, str] = MappingProxyType({
    "ar-SA": "Arabic (Saudi Arabia)",
    "bg-BG": "Bulgarian",
    "zh-HK": "Chinese (Hong Kong)",
    "zh-CN": "Chinese (mainland)",
    "zh-TW": "Chinese (Taiwan)",
    "hr-HR": "Croatian",
    "cs-CZ": "Czech",
    "da-DK": "Danish",
    "nl-NL": "Dutch",
    "en-AU": "English (Australia)",
    "en-GB": "English (United Kingdom)",
    "en-US": "English (United States)",
    "et-EE": "Estonian",
    "fil-PH": "Filipino",
    "fi-FI": "Finnish",
    "fr-CA": "French (Canada)",
    "fr-FR": "French (France)",
    "de-DE": "German",
    "ka-GE": "Georgian",
    "el-GR": "Greek",
    "he-IL": "Hebrew",
    "hi-IN": "Hindi",
    "hu-HU": "Hungarian",
    "id-ID": "Indonesian",
    "it-IT": "Italian",
    "ja-JP": "Japanese",
    "ko-KR": "Korean",
    "lv-LV": "Latvian",
    "lt-LT": "Lithuanian",
    "ms-MY": "Malay",
    "nb-NO": "Norwegian (Bokmål)",
    "pl-PL": "Polish",
    "pt-BR": "Portuguese (Brazil)",
    "pt-PT": "Portuguese (Portugal)",
    "ro-RO": "Romanian",
    "ru-RU": "Russian",
    "sk-SK": "Slovak",
    "sl-SI": "Slovenian",
    "es-MX": "Spanish (Mexico)",
    "es-ES": "Spanish (Spain)",
    "sv-SE": "Swedish",
    "th-TH": "Thai",
    "tr-TR": "Turkish",
    "uk-UA": "Ukrainian",
})
"""Each language's name by its id, in the order of the list."""

MOST_SECONDARY = 4
"""Languages a number can have besides its primary one (A1.4, C8)."""

_BY_SPELLING = {spelling.casefold(): id_ for id_, name in LANGUAGES.items() for spelling in (id_, name)}


def language(text: str) -> str:
    """Return the id of a language that is written as its id or its name, in any case.

    Raises
    ------
    BadValue
        If it is none of the list; the message names the nearest.
    """
    spelt = text.strip().replace("_", "-").casefold()
    if spelt in _BY_SPELLING:
        return _BY_SPELLING[spelt]
    raise BadValue(f"{text.strip()[:60]!r} is no language a bridge speaks: "
                   f"write one such as en-US or fr-FR{nearest_language(text)}", value=text.strip()[:60])


def nearest_language(text: str) -> str:
    """Return "; did you mean 'fr-FR'?" about the most alike of the ids, or else of the names; empty if none is."""
    tongue, dash, region = text.strip().replace("_", "-").partition("-")
    return (nearest(tongue.lower() + dash + region.upper(), LANGUAGES)
            or nearest(text.strip().title(), LANGUAGES.values()))


def languages(text: str, *, most: int = MOST_SECONDARY) -> tuple[str, ...]:
    """Return the ids in a list with commas, semicolons or blanks between them, in their order; "none" is empty.

    Raises
    ------
    BadValue
        If one is none of the list, stands there twice, or is one too many.
    """
    if text.strip().casefold() in NOTHING:
        return ()
    found = tuple(language(part) for part in re.split(r"[\s,;]+", text.strip(" \t\n,;")))
    twice = next((id_ for id_ in found if found.count(id_) > 1), None)
    if twice:
        raise BadValue(f"{twice!r} stands there twice: name each language once", value=twice)
    if len(found) > most:
        raise BadValue(f"{', '.join(found)!r} are {len(found)} languages: name at most {most}",
                       value=', '.join(found))
    return found

