"""The tests' own YAML files, each value the text that is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# Ten times as fast, where PyYAML has it.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def texts_of(path: Path) -> Any:
    """What a file has. Raises YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
