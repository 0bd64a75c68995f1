"""Archives made while they are sent: read back by the standard library, of exactly the length announced."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from xnat_tui.transfers.upload.archive_stream import ArchiveFormat, ArchiveStream, make_archive
from xnat_tui.transfers.upload.source import BLOCK_BYTES, Member, SourceChangedError, md5_of, warm


def _member(path: Path, entry: str = "") -> Member:
    def opener() -> BinaryIO:
        return cast("BinaryIO", path.open("rb", buffering=0))

    return Member(path.name, entry or path.name, path.stat().st_size, opener)


def _in_memory(name: str, data: bytes) -> Member:
    return Member(name, name, len(data), lambda: io.BytesIO(data))


def _read(stream: ArchiveStream) -> bytes:
    return b"".join(bytes(piece) for piece in stream.pieces())


def _contents(data: bytes, kind: ArchiveFormat) -> dict[str, bytes]:
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert packed.testzip() is None
            return {name: packed.read(name) for name in packed.namelist()}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as packed_tar:
        found = {}
        for info in packed_tar:
            member = packed_tar.extractfile(info)
            assert member is not None
            found[info.name] = member.read()
        return found


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_holds_the_files_and_has_the_announced_length(kind: ArchiveFormat, tmp_path: Path) -> None:
    wanted = {
        "empty.dcm": b"",
        "one.dcm": b"x",
        "block.dcm": os.urandom(512),
        "sub/größe und 名前.dcm": os.urandom(1000),
        f"{'deep/' * 30}{'n' * 80}.dcm": os.urandom(513),
        "big.dcm": os.urandom(BLOCK_BYTES + 12345),
    }
    members = []
    for number, (entry, data) in enumerate(wanted.items()):
        path = tmp_path / str(number)
        path.write_bytes(data)
        members.append(_member(path, entry))
    stream = make_archive(members, kind)

    data = _read(stream)

    assert _contents(data, kind) == wanted
    assert len(data) == stream.length_bytes
    assert _read(stream) == data


def test_a_zip_of_more_entries_than_fit_into_16_bits_is_of_64_bit_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xnat_tui.transfers.upload.archive_stream._LIMIT_16", 3)
    wanted = {str(number): b"x" * number for number in range(5)}
    stream = make_archive([_in_memory(*entry) for entry in wanted.items()], "zip")

    data = _read(stream)

    assert len(data) == stream.length_bytes
    assert b"PK\6\6" in data
    assert _contents(data, "zip") == wanted


def test_lengths_beyond_32_bits_are_announced(tmp_path: Path) -> None:
    huge = Member("huge", "huge", 5 << 30, lambda: io.BytesIO())
    small = _in_memory("small", b"x")

    stream = make_archive([huge, small], "zip")

    plain = 30 + 4 + 30 + 5 + 46 + 4 + 46 + 5 + 22
    local_extra, central_extras, ends = 20, 20 + 12, 56 + 20
    assert stream.length_bytes == (5 << 30) + 1 + plain + local_extra + central_extras + ends


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_nothing_is_written_to_the_disk(
    kind: ArchiveFormat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (tmp_path / "a").write_bytes(b"a" * 10_000)

    _read(make_archive([_member(tmp_path / "a")], kind))

    assert not list(scratch.iterdir())


@pytest.mark.parametrize("kind", ["tar", "zip"])
@pytest.mark.parametrize("size", [100, BLOCK_BYTES + 1])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.unlink(), "is gone"),
        (lambda path: os.truncate(path, 50), "became shorter"),
        (lambda path: os.truncate(path, 3 << 20), "became longer"),
    ],
)
def test_a_file_that_changes_before_its_turn_ends_the_archive(
    kind: ArchiveFormat,
    size: int,
    change,  # type: ignore[no-untyped-def]
    reason: str,
    tmp_path: Path,
) -> None:
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path in paths:
        path.write_bytes(os.urandom(size))
    stream = make_archive([_member(path) for path in paths], kind)
    pieces = stream.pieces()
    next(pieces)

    change(paths[2])

    with pytest.raises(SourceChangedError, match=reason) as caught:
        for _ in pieces:
            pass
    assert caught.value.name == "c"


def test_a_file_of_the_same_length_that_changes_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(os.urandom(2 * BLOCK_BYTES))
    os.utime(path, ns=(0, 0))
    pieces = make_archive([_member(path)], "tar").pieces()
    next(pieces)
    next(pieces)

    path.write_bytes(os.urandom(2 * BLOCK_BYTES))

    with pytest.raises(SourceChangedError, match="changed while it was sent"):
        for _ in pieces:
            pass


def test_a_digest_is_that_of_the_file_or_none(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"")
    member = _member(path)

    assert md5_of(member) == "d41d8cd98f00b204e9800998ecf8427e"
    path.write_bytes(b"x")
    assert md5_of(member) == ""


def test_warming_leaves_alone_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    member = _member(path)
    path.unlink()

    warm([member])
