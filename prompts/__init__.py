"""Words to samples: what the bridge says, in several languages."""

from prompts.catalogue import Catalogue, languages, load
from prompts.errors import BadCatalogue, BadPack, NoVoice, PromptError, UnknownPrompt
from prompts.pack import Pack
from prompts.spoken import Prompts

__all__ = ["BadCatalogue", "BadPack", "Catalogue", "NoVoice", "Pack", "PromptError", "Prompts", "UnknownPrompt",
           "languages", "load"]
