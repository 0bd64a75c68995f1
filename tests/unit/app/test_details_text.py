"""How details are laid out: columns, tables, pictures; everything in its width."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from xnat_tui.app.archive.blocks import Block, Document, Headed, Lines, Rows
from xnat_tui.app.archive.detail import Detail, FactGroup, Prose, fact_group, prose
from xnat_tui.app.archive.detail_text import draw_detail
from xnat_tui.app.archive.file_listing import draw_files, list_files
from xnat_tui.app.archive.history import History, draw_history
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.picture import Picture, draw_picture, size_in_cells
from xnat_tui.app.archive.preview import Preview
from xnat_tui.app.archive.preview_text import draw_preview
from xnat_tui.app.archive.table import Head, Table
from xnat_tui.app.glyphs import ASCII, UNICODE
from xnat_tui.models.history import HistoryEvent
from xnat_tui.models.rows import FileRow

LOOK = Look(Style(), Style(), Style(), UNICODE)
PLAIN = Look(Style(), Style(), Style(), ASCII)


def lines_of(blocks: list[Block]) -> list[str]:
    document = Document(blocks)
    return [document.line(at).plain.rstrip() for at in range(document.height)]


def files(*paths: str, size: str = "10") -> list[FileRow]:
    uri = "/data/experiments/E1/scans/2/resources/7/files/"
    return [FileRow(name=path, size=size, uri=uri + path, collection="DICOM") for path in paths]


def test_short_facts_stand_in_two_columns_and_long_ones_below() -> None:
    detail = Detail("L", "scan 1", (("id", "1"), ("uid", "x" * 40), ("type", "T1w"), ("files", "3")))
    assert lines_of(draw_detail(detail, 60, LOOK)) == [
        "L" + " " * 53 + "scan 1",
        "",
        f"{'id     1':<29}  type   T1w",
        "files  3",
        f"uid    {'x' * 40}",
    ]


def test_a_long_label_is_told_in_full() -> None:
    label = "x" * 30 + "y" * 30 + "z" * 4
    lines = lines_of(draw_detail(Detail(label, "MR", ()), 40, LOOK))
    assert lines[0].endswith("  MR")
    assert "".join(lines).replace("  MR", "") == label


def test_in_a_narrow_panel_facts_stand_below_each_other() -> None:
    detail = Detail("L", "", (("id", "1"), ("type", "T1w")))
    assert lines_of(draw_detail(detail, 40, LOOK))[2:] == ["id    1", "type  T1w"]


@pytest.mark.parametrize("width", [20, 33, 60, 100])
@pytest.mark.parametrize("look", [LOOK, PLAIN], ids=["unicode", "ascii"])
def test_everything_fits_in_the_width(width: int, look: Look) -> None:
    hostile = "\x1b[31m 脳の画像 [/] \u202e " * 4
    table = Table.of("3 scans", (Head("id"), Head(hostile), Head("size", True)), [("1", hostile, "5 MB")] * 3)
    detail = Detail(
        hostile,
        "MR · 2024",
        ((hostile[:6], hostile), ("id", "1")),
        (table,),
        (FactGroup("custom variables", ((hostile, hostile),)), Prose("note", hostile + "\n\n" + hostile)),
    )
    document = Document(draw_detail(detail, width, look))
    for at in range(document.height):
        line = document.line(at).plain
        assert cell_len(line) <= width, line
        assert look is LOOK or line.isascii()
        assert "\x1b" not in line and "\u202e" not in line


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert fact_group("custom variables", [("a", " ")]) == ()
    assert prose("note", "\n") == ()


def test_columns_of_low_rank_give_way_first() -> None:
    heads = (Head("file"), Head("size", rank=2), Head("digest", rank=0))
    table = Table.of("", heads, [("a" * 20, "5 MB", "d" * 32)])
    assert table.widths_in(100) == [20, 4, 32]
    assert table.widths_in(40) == [20, 4, 12]
    assert table.widths_in(28) == [14, 4, 6]


def test_columns_without_any_value_are_left_out() -> None:
    table = Table.of("", (Head("a"), Head("b")), [("1", ""), ("2", "")])
    assert [head.title for head in table.heads] == ["a"]
    assert table.rows == (("1",), ("2",))


def test_a_listing_of_100_000_files_costs_what_a_screen_costs() -> None:
    listing = list_files(files(*(f"{number:06}.dcm" for number in range(100_000))), across=False)
    started = time.perf_counter()
    document = Document(draw_files(listing, 80, LOOK))
    seen = [document.line(at).plain for at in range(document.height - 40, document.height)]
    assert "099999.dcm" in seen[-1]
    assert time.perf_counter() - started < 0.05


def test_files_say_whose_they_are_where_several_places_are_listed() -> None:
    mixed = [*files("b.dcm", "a10.dcm", "a9.dcm"), FileRow(name="q.csv", size="", uri="", collection="QC")]
    lines = lines_of(draw_files(list_files(mixed, across=True), 80, LOOK))
    assert lines[0] == "4 files · 30 B · 1 file of unknown size"
    assert [line.split() for line in lines[2:]] == [
        ["QC", "q.csv"],
        ["scan", "2", "DICOM", "a9.dcm", "10", "B"],
        ["scan", "2", "DICOM", "a10.dcm", "10", "B"],
        ["scan", "2", "DICOM", "b.dcm", "10", "B"],
    ]


def test_no_files_is_said() -> None:
    assert lines_of(draw_files(list_files([], across=True), 80, LOOK)) == ["No files here."]


def test_history_shows_signs_and_words() -> None:
    events = [
        HistoryEvent(action="dcm2niix", when=datetime(2024, 3, 1, 9, 5), user="mri", status="Failed (JMS)"),
        HistoryEvent(action="AutoRun", status="Running", justification="again"),
        HistoryEvent(status="Complete"),
    ]
    lines = lines_of(draw_history(History("SUB-1", events), 80, LOOK))
    assert lines[0] == "3 events of SUB-1"
    assert lines[2].split() == ["2024-03-01", "09:05", "dcm2niix", "mri", "✗", "Failed", "(JMS)"]
    assert lines[3].split() == ["AutoRun", "◌", "Running", "again"]
    assert lines[4].split() == ["changed", "●", "Complete"]


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (72, "2024-03-14 23:31  Added Manual QC  mri  ✗ Failed (Staging)  second try"),
        (64, "2024-03-14  Added Manual QC  mri  ✗ Failed (Staging)  second try"),
        (52, "2024-03-14  Added Manual QC  mri  ✗ Failed (Staging)"),
    ],
)
def test_a_narrow_history_drops_what_matters_least_and_cuts_nothing(width: int, line: str) -> None:
    event = HistoryEvent(
        action="Added Manual QC",
        when=datetime(2024, 3, 14, 23, 31),
        user="mri",
        status="Failed (Staging)",
        justification="second try",
    )
    assert lines_of(draw_history(History("", [event]), width, LOOK))[-1].rstrip() == line


def test_a_refused_history_is_one_sentence() -> None:
    assert lines_of(draw_history(History("", (), "You may not."), 80, LOOK)) == ["You may not."]


def test_a_text_shows_its_control_characters_and_keeps_its_shape() -> None:
    preview = Preview(("\tred \x1b[31m", "", "x" * 25), "")
    assert lines_of(draw_preview(preview, 20, 10, LOOK)) == [
        "preview",
        "    red ␛[31m",
        "",
        "x" * 20,
        "x" * 5,
    ]


def test_a_heading_belongs_to_its_block() -> None:
    rows = Rows(Table.of("", (Head("a"),), [("1",)]), 10, LOOK)
    assert lines_of([Headed(Text("title"), rows), Lines([])]) == ["title", "a", "1"]


def test_two_pixels_share_a_cell() -> None:
    picture = Picture(1, 2, bytes((255, 0, 0, 0, 0, 255)))
    (line,) = draw_picture(picture.resized(1, 2), 1, 1, has_colour=True, ascii_only=False)
    style = line.spans[0].style
    assert line.plain == "▀"
    assert isinstance(style, Style) and style.color is not None and style.bgcolor is not None
    assert (style.color.triplet, style.bgcolor.triplet) == ((255, 0, 0), (0, 0, 255))


@pytest.mark.parametrize(("has_colour", "ascii_only"), [(False, False), (True, True)])
def test_without_colours_a_picture_is_made_of_letters(has_colour: bool, ascii_only: bool) -> None:
    picture = Picture(2, 2, bytes((0, 0, 0, 255, 255, 255)) * 2)
    lines = draw_picture(picture, 2, 1, has_colour=has_colour, ascii_only=ascii_only)
    assert [line.plain for line in lines] == [" @"]


@pytest.mark.parametrize(
    ("width", "height", "cells"),
    [(256, 256, (40, 20)), (512, 128, (60, 8)), (128, 512, (10, 20)), (4, 4, (16, 8)), (1000, 1, (60, 1))],
)
def test_pictures_keep_their_proportions(width: int, height: int, cells: tuple[int, int]) -> None:
    assert size_in_cells(Picture(width, height, b""), 60, 20) == cells
