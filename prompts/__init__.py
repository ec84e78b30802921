"""Words to samples: what the bridge says, in several languages."""

from prompts.catalogue import Catalogue, languages, load
from prompts.errors import BadCatalogue, NoVoice, PromptError, UnknownPrompt
from prompts.spoken import Prompts

__all__ = ["BadCatalogue", "Catalogue", "NoVoice", "PromptError", "Prompts", "UnknownPrompt", "languages", "load"]
