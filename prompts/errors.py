"""What can go wrong with prompts.

PromptError
├── UnknownPrompt    no prompt, slot or language has this name: a fault of whoever asks
├── BadCatalogue     a language's file does not hold what a bridge has to say; names file and line
├── BadPack          a voice pack's folder or recording cannot be used; names it
└── NoVoice          this machine cannot speak: something has to be installed
"""


class PromptError(Exception):
    """Any fault of this package.

    Attributes
    ----------
    value : str
        What is wrong, as the sentence has it; empty if that is nothing that could be typed otherwise.
    """

    exit_code = 2

    def __init__(self, message: str = "", *, value: object = "") -> None:
        super().__init__(message)
        self.value = str(value)


class UnknownPrompt(PromptError):
    """No prompt, slot or language has this name; the message names the nearest."""


class BadCatalogue(PromptError):
    """A catalogue's file is not as it should be; the message names file, line and what to do."""


class BadPack(PromptError):
    """A voice pack, or a recording in it, cannot be used; the message names it and says why."""


class NoVoice(PromptError):
    """No voice can be loaded; the message says what to install."""

    exit_code = 3
