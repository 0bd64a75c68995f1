"""What is remembered: it survives, it is private, and a damaged file costs nothing but what is damaged."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from xnat_tui.app.archive.nodes import SITE, Kind, NodeRef
from xnat_tui.app.memory import Memory, Place, Step, UserMemory, memory_file, user_memory_file


def place(*labels: str) -> Place:
    ref = SITE
    for kind, label in zip((Kind.PROJECT, Kind.SUBJECT, Kind.SESSION), labels, strict=False):
        ref = NodeRef(kind, f"id of {label}", label, ref)
    return Place.of(ref)


def test_everything_survives(tmp_path: Path) -> None:
    file = memory_file(tmp_path, "demo")
    memory = Memory.load(file)
    memory.tree_width, memory.sort, memory.is_wide, memory.detail_tab = (
        50,
        {"session": "-date"},
        True,
        "files",
    )
    memory.last = place("BRAINS", "SUB-001")
    memory.visit(place("BRAINS"))
    memory.note_typed("e SUB-001_MR1")
    memory.toggle_favourite(place("BRAINS", "a \x1b[31m/b"))
    memory.save(file)
    assert Memory.load(file) == memory


def test_it_is_private(tmp_path: Path) -> None:
    file = user_memory_file(tmp_path / "state")
    UserMemory(theme="xnat-light").save(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [other.name for other in file.parent.iterdir()] == [file.name]


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    file = memory_file(tmp_path, "demo")
    Memory(is_wide=True).save(file)
    before = file.stat().st_mtime_ns, file.stat().st_ino
    Memory.load(file).save(file)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 99, "is_wide": true}', "\x00\xff"])
def test_a_damaged_file_is_forgotten(tmp_path: Path, text: str) -> None:
    file = memory_file(tmp_path, "demo")
    file.parent.mkdir(parents=True)
    file.write_text(text, "latin-1")
    assert Memory.load(file) == Memory()


def test_only_the_damaged_value_is_forgotten(tmp_path: Path) -> None:
    file = memory_file(tmp_path, "demo")
    Memory(tree_width=44, last=place("BRAINS")).save(file)
    raw = json.loads(file.read_text())
    raw |= {"tree_width": "wide", "recent": [{"steps": [["galaxy", "M31", "M31"]]}], "unheard": 1}
    file.write_text(json.dumps(raw))
    assert Memory.load(file) == Memory(last=place("BRAINS"))


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "memory").write_text("in the way")
    Memory(is_wide=True).save(memory_file(tmp_path, "demo"))


def test_profiles_do_not_share_files(tmp_path: Path) -> None:
    keys = ["demo", "Demo", "https://a.org/x", "https://a.org/x/", "../../x", "ü", "é", "x" * 300]
    files = {memory_file(tmp_path, key) for key in keys}
    assert len(files) == len(keys)
    assert {file.parent for file in files} == {tmp_path / "memory"}


def test_places_are_told_by_ids_not_by_labels() -> None:
    memory = Memory()
    old, new = place("BRAINS"), Place((Step(Kind.PROJECT, "id of BRAINS", "renamed"),))
    assert memory.toggle_favourite(old)
    assert memory.is_favourite(new)
    assert not memory.toggle_favourite(new)
    assert memory.favourites == []


def test_recent_places_are_few_and_newest_first() -> None:
    memory = Memory()
    for number in range(80):
        memory.visit(place(f"P{number}"))
    memory.visit(place("P70"))
    assert [recent.labels[0] for recent in memory.recent[:3]] == ["P70", "P79", "P78"]
    assert len(memory.recent) == 50


def test_servers_are_remembered_last_used_first() -> None:
    user = UserMemory()
    for server in ("a", "b", "a"):
        user.used(server)
    assert user.servers == ["a", "b"]
