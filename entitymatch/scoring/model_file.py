"""A fitted scoring model as a file: plain JSON, which a person can read and compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

from entitymatch.errors import EntityMatchError
from entitymatch.io import write_whole
from entitymatch.scoring.model import ScoringModel


def write_model(model: ScoringModel, path: str | Path) -> None:
    """Write a model to a file, whole or not at all."""

    def write(stream: BinaryIO) -> None:
        stream.write((json.dumps(model.to_dict(), indent=1) + "\n").encode())

    write_whole(Path(path), write)


def read_model(path: str | Path) -> ScoringModel:
    """Read a model that :func:`write_model` wrote.

    Raises:
        EntityMatchError: if there is no such file, it is no model, or it was fitted to other features.
    """
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        return ScoringModel.from_dict(values)
    except FileNotFoundError as error:
        raise EntityMatchError(f"there is no file {str(path)!r}") from error
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise EntityMatchError(f"{str(path)!r} is no scoring model: make one with entitymatch train scoring") from error
    except ValueError as error:
        raise EntityMatchError(f"{str(path)!r} cannot be used: {error}") from error
