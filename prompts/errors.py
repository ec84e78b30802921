"""What can go wrong with prompts.

PromptError
├── UnknownPrompt    no prompt, slot or language has this name: a fault of whoever asks
└── NoVoice          this machine cannot speak: something has to be installed
"""


class PromptError(Exception):
    """Any fault of this package."""


class UnknownPrompt(PromptError):
    """No prompt, slot or language has this name; the message names the nearest."""


class NoVoice(PromptError):
    """No voice can be loaded; the message says what to install."""
