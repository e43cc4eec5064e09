"""Where the shipped data lives: beside the package when installed, at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent.parent / name


LEXICONS = _folder("lexicons")
RULES = LEXICONS / "rules"
MODELS = _folder("models")
