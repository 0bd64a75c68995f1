"""XNAT's types of imaging sessions, and the modalities that people call them by."""

from __future__ import annotations

from xnat_tui.core.exceptions import InvalidValueError

_STEMS = """
    mr pet petmr ct cr dx dx3DCraniofacial us mg nm rt rf xa ecg eeg eps es gm gmv hd io meg op opt otherDicom
    sm sr xc xcv xa3D
"""

_BY_MODALITY = {stem.upper(): f"xnat:{stem}SessionData" for stem in _STEMS.split()}


def session_type_of(modality: str) -> str:
    """Return the type of sessions of a modality: xnat:mrSessionData for "MR", "mr" or its own name.

    Raises:
        InvalidValueError: XNAT has no sessions of this modality.
    """
    if ":" in modality:
        return modality
    wanted = modality.strip().upper().replace("/", "").replace("-", "")
    if wanted not in _BY_MODALITY:
        raise InvalidValueError(
            f"XNAT has no type of session for the modality {modality!r}.",
            advice='Use "MR", "PET", "CT" and the like, or a type such as "xnat:mrSessionData".',
        )
    return _BY_MODALITY[wanted]
