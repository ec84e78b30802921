"""Where a caller of voice mail can be, as journals name it; the flows themselves take their time to be loaded."""

STATES = frozenset((
    "attendant-file", "attendant-greeting", "attendant-menu", "calendar-menu", "calendar-more", "candidate",
    "changing-pin", "checking-pin", "contact", "contact-caller", "counts", "ended", "extension",
    "finding-extension", "goodbye", "greeting", "greetings", "hearing-draft", "mail-menu", "mailbox-greeting",
    "main-menu", "message-header", "message-menu", "message-more", "new-pin", "new-pin-again", "options", "pin",
    "playing", "recorded-menu", "recording", "recording-greeting", "ringing", "spelling", "spelling-alias",
    "talking", "zone",
))
