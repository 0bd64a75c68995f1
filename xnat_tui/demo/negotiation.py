"""Which format an answer takes: first the Accept header against what an endpoint has, then `format=`."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from xnat_tui.demo.refusal import Refusal

TABLE_VARIANTS = ("application/json", "text/html", "text/xml")
ITEM_VARIANTS = ("text/html", "text/xml")
XML_VARIANTS = ("text/xml",)
FILE_VARIANTS = (*TABLE_VARIANTS, "image/jpeg")
GROUP_VARIANTS = ("text/xml", "application/json", "text/html")


def requested_format(request: Request, variants: Sequence[str]) -> str:
    """Return the short name of the format to answer in: "json", "xml", "csv", "html", "zip" and so on.

    `format=` counts only after the Accept header has admitted one of the endpoint's variants: an item
    asked for with `Accept: application/json` is refused even with `format=json`.

    Raises:
        Refusal: 406 when the Accept header admits none of the variants.
    """
    variant = _best(request.headers.get("accept", "*/*"), variants)
    if not variant:
        raise Refusal(406)
    wanted = request.query_params.get("format", "").lower() or variant
    return _short(wanted)


def _short(media: str) -> str:
    """Return the short name of a media type; short names stay as they are."""
    return media.rpartition("/")[2] if "/" in media else media


def _best(accept: str, variants: Sequence[str]) -> str:
    """Return the variant that the Accept header likes best, or an empty string."""
    ranges = []
    for part in accept.split(","):
        media, _, parameters = part.strip().partition(";")
        ranges.append((media.strip().lower(), _quality(parameters)))
    ranges.sort(key=lambda found: -found[1])
    for media, quality in ranges:
        for variant in variants:
            if quality > 0 and _fits(media, variant):
                return variant
    return ""


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _fits(media: str, variant: str) -> bool:
    if media in ("*/*", "*", "", variant):
        return True
    if media == "application/xml":
        return variant == "text/xml"
    return media.endswith("/*") and variant.startswith(media[:-1])
