"""Pictures as terminal text: two pixels in each cell, or characters where colours say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from rich.color import Color
from rich.style import Style
from rich.text import Text

if TYPE_CHECKING:
    from PIL.Image import Image

_UPPER_HALF = "▀"
_SHADES = " .:-=+*#%@"
"""From dark to light."""

_LARGEST_PX = 512
"""Longest side of a picture that is kept; no terminal shows more."""

_MOST_PIXELS = 50_000_000
"""Pixels above which a picture is not unpacked: small files can hold enormous ones."""


_MOST_ENLARGED = 4
"""Cells across that one pixel takes at most."""


class NoPictureError(Exception):
    """It cannot be shown; the message is a sentence for people."""


@dataclass(frozen=True)
class Picture:
    """Pixels in rows from the top, three bytes (red, green, blue) each."""

    width: int
    height: int
    rgb: bytes

    def resized(self, width: int, height: int) -> Picture:
        """The same picture with as many pixels as these."""
        if (width, height) == (self.width, self.height):
            return self
        from PIL import Image

        image = Image.frombytes("RGB", (self.width, self.height), self.rgb)
        return Picture(width, height, image.resize((width, height), Image.Resampling.BOX).tobytes())


def decode_picture(data: bytes) -> tuple[Picture, str]:
    """The first frame of a GIF, JPEG, PNG or the like, with a few words such as "GIF 256 x 256".

    Raises:
        NoPictureError: it is damaged, of an unknown kind or too large.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
            words = f"{image.format} {width} x {height}"
            if width * height > _MOST_PIXELS:
                raise NoPictureError(f"{words} is too large to be shown.")
            image.draft(None, (_LARGEST_PX, _LARGEST_PX))
            shown = _flattened(image)
            shown.thumbnail((_LARGEST_PX, _LARGEST_PX))
            return Picture(shown.width, shown.height, shown.tobytes()), words
    except NoPictureError:
        raise
    except Exception as error:  # whatever a decoder stumbles over, there is no picture
        raise NoPictureError(f"This picture cannot be read: {error}") from error


def _flattened(image: Image) -> Image:
    """The picture in eight bits per colour, on black where it is transparent."""
    from PIL import Image as images

    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _stretched(image.convert("F")).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    shown = images.new("RGBA", image.size, "black")
    shown.alpha_composite(image.convert("RGBA"))
    return shown.convert("RGB")


def _stretched(image: Image) -> Image:
    """A picture of wide grey values with its darkest as black and its lightest as white."""
    low, high = (float(str(grey)) for grey in image.getextrema())
    scale = 255 / ((high - low) or 1)
    return image.point(lambda grey: grey * scale - low * scale)


def size_in_cells(picture: Picture, columns: int, lines: int) -> tuple[int, int]:
    """Columns and lines that show the whole picture in its proportions; a cell is two pixels high."""
    scale = min(columns / picture.width, 2 * lines / picture.height, _MOST_ENLARGED)
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale / 2))


def draw_picture(
    picture: Picture, columns: int, lines: int, *, has_colour: bool, ascii_only: bool
) -> list[Text]:
    """The picture in at most `columns` by `lines` cells, in its proportions."""
    wide, high = size_in_cells(picture, columns, lines)
    if has_colour and not ascii_only:
        return _half_blocks(picture.resized(wide, 2 * high))
    return _characters(picture.resized(wide, high))


def _half_blocks(picture: Picture) -> list[Text]:
    rows = []
    for top in range(0, picture.height, 2):
        row = Text(no_wrap=True, end="")
        for x in range(picture.width):
            upper, lower = _pixel(picture, x, top), _pixel(picture, x, top + 1)
            row.append(_UPPER_HALF, Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
        rows.append(row)
    return rows


def _characters(picture: Picture) -> list[Text]:
    rows = []
    for y in range(picture.height):
        greys = (sum(_pixel(picture, x, y)) / 3 for x in range(picture.width))
        rows.append(Text("".join(_SHADES[int(grey * len(_SHADES) / 256)] for grey in greys)))
    return rows


def _pixel(picture: Picture, x: int, y: int) -> tuple[int, int, int]:
    at = 3 * (y * picture.width + x)
    red, green, blue = picture.rgb[at : at + 3]
    return red, green, blue
