"""What the words of a name mean: the glossary and the learned translation of words."""

from entitymatch.translate.glossary import Glossary, default_glossary
from entitymatch.translate.model import TranslationModel, default_model

__all__ = ["Glossary", "TranslationModel", "default_glossary", "default_model"]
