"""How bright each tissue is: in arbitrary units for MR, in Hounsfield for CT, in Bq/ml for PET."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contrast:
    """Brightness per tissue, with the noise (standard deviation) and the window that suit it."""

    signal: Mapping[str, float]
    noise: float
    window_centre: float
    window_width: float
    letter: float


def _mr(
    scalp: float, bone: float, muscle: float, csf: float, grey: float, white: float, lesion: float
) -> Contrast:
    signal = {
        "air": 0.0,
        "scalp": scalp,
        "fat": scalp,
        "bone": bone,
        "muscle": muscle,
        "csf": csf,
        "eye": csf,
    }
    signal |= {"grey": grey, "white": white, "lesion": lesion}
    return Contrast(signal, noise=14, window_centre=480, window_width=960, letter=950)


def _ct(window_centre: float, window_width: float, noise: float) -> Contrast:
    signal = {
        "air": -1000.0,
        "lung": -820,
        "fat": -95,
        "scalp": -40,
        "csf": 8,
        "eye": 15,
        "white": 27,
        "grey": 38,
    }
    signal |= {"muscle": 55, "liver": 62, "spleen": 52, "blood": 150, "lesion": 72, "bone": 950}
    return Contrast(signal, noise, window_centre, window_width, letter=1800)


_HEAD_UPTAKE = {"air": 0.0, "scalp": 900, "bone": 300, "muscle": 1800, "csf": 900, "eye": 1500}
_HEAD_UPTAKE |= {"white": 6200, "grey": 17500, "lesion": 4200}
_CHEST_UPTAKE = {
    "air": 0.0,
    "lung": 900,
    "fat": 500,
    "bone": 1500,
    "muscle": 1600,
    "liver": 5200,
    "spleen": 4600,
}
_CHEST_UPTAKE |= {"blood": 3300, "lesion": 26000}

CONTRASTS: Mapping[str, Contrast] = {
    "T1w": _mr(scalp=880, bone=60, muscle=380, csf=120, grey=450, white=700, lesion=260),
    "T2w": _mr(scalp=520, bone=40, muscle=200, csf=980, grey=540, white=360, lesion=880),
    "FLAIR": _mr(scalp=480, bone=40, muscle=230, csf=70, grey=560, white=430, lesion=960),
    "BOLD": _mr(scalp=110, bone=15, muscle=90, csf=860, grey=620, white=470, lesion=720),
    "DWI": _mr(scalp=60, bone=10, muscle=80, csf=90, grey=380, white=450, lesion=900),
    "CT soft": _ct(window_centre=40, window_width=400, noise=9),
    "CT brain": _ct(window_centre=40, window_width=90, noise=4),
    "CT bone": _ct(window_centre=450, window_width=1800, noise=22),
    "CT lung": _ct(window_centre=-600, window_width=1500, noise=18),
    "PET brain": Contrast(_HEAD_UPTAKE, 350, 10000, 20000, 19000),
    "PET body": Contrast(_CHEST_UPTAKE, 250, 7500, 15000, 14000),
}
