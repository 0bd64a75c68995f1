"""What the README shows is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

from xnat_tui.app.key_table import with_key_table

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_keys_are_those_of_the_program() -> None:
    assert with_key_table(README) == README, "renew the table of keys: python -m screenshots.make --keys"


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures and all((ROOT / picture).is_file() for picture in pictures)
