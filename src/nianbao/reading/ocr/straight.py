"""A picture of a page as it was scanned → dark text on white paper, upright."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from nianbao.reading.ocr.models import Grey
from nianbao.reading.pdf.render import Pixels

_RED = 20  # by which red exceeds green and blue in a seal
_LIGHT = 95  # red channel of a seal on paper at least; over text it is darker
_MOST_SKEW = 6.0  # degrees
_SMALL = 700  # pixels of the picture's longer side that skew is looked for in
_WHITE = 0.82  # share of the paper's brightness from which on a point is paper


def whitened(pixels: Pixels, *, seals: bool = False) -> Grey:
    """The brightness of a picture with even, white paper: shadows, light watermarks and (unless ``seals``) red seals
    go."""
    plain = np.asarray(pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    small = cv2.resize(plain, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 5)
    paper = cv2.resize(paper, (plain.shape[1], plain.shape[0]), interpolation=cv2.INTER_LINEAR)
    white = np.asarray(np.clip(plain.astype(np.float32) / np.maximum(paper, 1) / _WHITE, 0, 1) * 255, np.uint8)
    if pixels.ndim == 3 and not seals:
        white[_sealed(pixels)] = 255
    return white


def _sealed(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Where a picture is red and not dark: a seal, but not the text that it covers."""
    # JPEG blurs colours: redness is told by a point's neighbours, and what surrounds a red point is red.
    red, green, blue = cv2.split(cv2.blur(pixels, (5, 5)))
    stamped = cv2.subtract(red, cv2.max(green, blue)) > _RED
    around = cv2.dilate(stamped.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.asarray(around & (pixels[:, :, 0] > _LIGHT), np.bool_)


def skew(picture: Grey) -> float:
    """By how many degrees a page leans to the right (clockwise): its rows of ink are sharpest when turned back."""
    scale = _SMALL / max(picture.shape)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    ink = 255.0 - small.astype(np.float32)

    def sharp(angle: float) -> float:
        rows = _turned(ink, angle, 0.0).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = 0.0
    for step, reach in ((0.5, _MOST_SKEW), (0.1, 0.5), (0.02, 0.1)):
        count = round(reach / step)
        best = max((best + step * n for n in range(-count, count + 1)), key=sharp)
    return best


def turned_back(picture: Grey, angle: float) -> Grey:
    """A picture turned about its middle, counter-clockwise by ``angle`` degrees; its size stays."""
    return np.asarray(_turned(picture, angle, 255), np.uint8)


def _turned(picture: Any, angle: float, paper: float) -> Any:
    if not angle:
        return picture
    rows, columns = picture.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=paper)
