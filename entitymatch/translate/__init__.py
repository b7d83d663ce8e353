"""What the words of a name mean: the glossary and the learned translation of words."""

from entitymatch.translate.glossary import Glossary, default_glossary
from entitymatch.translate.model import LearnedWord, TranslationModel, default_model, merge

__all__ = ["Glossary", "LearnedWord", "TranslationModel", "default_glossary", "default_model", "merge"]
