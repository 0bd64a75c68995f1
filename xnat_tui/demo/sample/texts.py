"""Texts that a real server may hold and a screen must survive. Labels and ids are never among them."""

from __future__ import annotations

MARKUP = "[/] [bold red]x[/bold red] [link=https://example.org]y"
QUOTES = """it's "quoted" & <b>tagged</b>, #1 ü%20 100% + \\n"""
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 bell\x07 \x1b[2J end"
SCRIPTS = "脳の画像 e\u0301te\u0301 مرحبا שלום 🧠 \u202eabc\u202c"
LINES = "first line\nsecond\tline\r\nthird line"
BLANKS = "  leading and trailing  "
LONG = ("two hundred letters without end " * 7)[:200]

FILE_NAMES = (
    "[@click=app.quit]x.txt",
    "[bold red]x.txt",
    "#1 ü%20.txt",
    "a b & c;d=e?f.txt",
    'it\'s "quoted".txt',
    "-rf.txt",
    ".hidden",
    "back\\slash.txt",
    "脳 é مرحبا.txt",
    "\x1b[31mred.txt",
    "sub folder/[deep]/no extension",
    "n" * 196 + ".txt",
)
