"""Ink that the model's lines do not cover: figures on a nearly empty page, ends of lines, single signs in cells."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from nianbao.reading.ocr.models import Grey, Rectangle

_DARK = 128
_MOST = 60  # such places on a page; with more it is a picture
_NEXT = 0.9  # em between characters of one line


def completed(picture: Grey, boxes: Sequence[Rectangle], em: float) -> tuple[list[Rectangle], list[Rectangle]]:
    """(lines made longer by the characters beside them, other places with ink as large as characters).

    picture: upright, without rules. em: pixels of a character.
    """
    ink = (picture < _DARK).astype(np.uint8)
    for x0, y0, x1, y1 in boxes:
        ink[y0:y1, x0:x1] = 0
    joined = cv2.dilate(ink, np.ones((3, max(3, round(0.5 * em))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    lines = list(boxes)
    others: list[Rectangle] = []
    for number in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[number])
        part = np.argwhere((labels[y : y + h, x : x + w] == number) & (ink[y : y + h, x : x + w] > 0))
        if not len(part):
            continue
        (top, left), (bottom, right) = part.min(axis=0), part.max(axis=0) + 1
        if not 0.45 * em < bottom - top < 1.6 * em or len(part) < 0.04 * em * em:
            continue
        pad = round(0.3 * em)
        box = (max(0, x + int(left) - pad), max(0, y + int(top) - pad), x + int(right) + pad, y + int(bottom) + pad)
        for n, line in enumerate(lines):
            level = abs((line[1] + line[3]) - (box[1] + box[3])) < 0.8 * em and line[3] - line[1] < 2.2 * em
            if level and line[0] - box[2] < (_NEXT - 0.6) * em and box[0] - line[2] < (_NEXT - 0.6) * em:
                lines[n] = min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])
                break
        else:
            others.append(box)
    return lines, others if len(others) <= _MOST else []
