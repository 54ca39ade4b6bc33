"""The two models of OCR: where lines of text are, and what they say. They lie in the wheel of rapidocr.

Only its files are used, never its program: nothing here can reach for a network. One thread, on the processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from nianbao.errors import ReadError

cv2.setNumThreads(1)

Grey = npt.NDArray[np.uint8]
Rectangle = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""

_DETECTION, _RECOGNITION, _DIRECTION = (
    "PP-OCRv6_det_small.onnx",
    "PP-OCRv6_rec_small.onnx",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
)
_TEXT = 0.3  # probability from which on a point belongs to a line of text
_LINE = 0.5  # mean probability of a line
_GROW = 1.6  # the model marks the middle of a line: by this much of area / circumference it is larger
_HEIGHT = 48  # pixels of a line as the model reads it
_STEP = 8  # pixels a column of its answer
_BATCH = 6
_POINTS = ".,:·：，。"


@dataclass(frozen=True, slots=True)
class Char:
    """A character that was read: its middle in pixels from the left end of the line, and its score from 0 to 1."""

    char: str
    x: float
    score: float


def find_lines(grey: Grey) -> list[tuple[Rectangle, int]]:
    """Where lines of text stand in an upright picture of some 150 dpi: (the core of each, by how much it is larger)."""
    rows, columns = grey.shape
    height, width = max(32, round(rows / 32) * 32), max(32, round(columns / 32) * 32)
    probability = _session(_DETECTION).run(None, {"x": _normal(cv2.resize(grey, (width, height)))[None]})[0][0, 0]
    mask = cv2.dilate((probability > _TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    found: list[tuple[Rectangle, int]] = []
    across, down = columns / width, rows / height
    for number in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[number])
        part = labels[y : y + h, x : x + w] == number
        if min(w, h) < 3 or float(probability[y : y + h, x : x + w][part].mean()) < _LINE:
            continue
        grow = w * h * _GROW / (2 * (w + h))
        core = round(x * across), round(y * down), round((x + w) * across), round((y + h) * down)
        found.append((core, round(grow * down)))
    return found


def read_lines(crops: Sequence[Grey]) -> list[list[Char]]:
    """What lines say, each a picture of one line; in their order."""
    found: list[list[Char]] = [[] for _ in crops]
    order = sorted(range(len(crops)), key=lambda number: crops[number].shape[1] / crops[number].shape[0])
    model, letters = _session(_RECOGNITION), _letters()
    marks = np.array([number for number, letter in enumerate(letters) if letter in _POINTS and letter])
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        scaled = [_scaled(crops[number]) for number in batch]
        lines = np.zeros((len(batch), 3, _HEIGHT, max(320, *(line.shape[1] for line in scaled))), np.float32)
        for row, line in enumerate(scaled):
            lines[row, :, :, : line.shape[1]] = _normal(line)
        answers = model.run(None, {"x": lines})[0]
        for row, number in enumerate(batch):
            scale = crops[number].shape[0] / _HEIGHT
            found[number] = [
                Char(letters[letter], (column + 0.5) * _STEP * scale, score)
                for letter, column, score in _decoded(answers[row], marks)
            ]
    return found


def upside_down(crops: Sequence[Grey]) -> bool:
    """Whether most of some pictures of lines stand on their heads."""
    votes = 0
    for crop in crops:
        height, width = 48, 192
        line = np.zeros((1, 3, height, width), np.float32)
        scaled = cv2.resize(crop, (max(1, min(width, round(height * crop.shape[1] / crop.shape[0]))), height))
        line[0, :, :, : scaled.shape[1]] = _normal(scaled.astype(np.uint8))
        upright, turned = _session(_DIRECTION).run(None, {"x": line})[0][0]
        votes += 1 if turned > 0.9 else -1 if upright > 0.5 else 0
    return votes > 0


def _decoded(answer: npt.NDArray[np.float32], marks: npt.NDArray[np.int_]) -> list[tuple[int, float, float]]:
    """(letter, column, score) of what one line says: the best letter of each column, repeats and blanks dropped.

    Between two letters a point that nearly was one makes the letter before it doubtful.
    """
    best = answer.argmax(axis=1)
    sure = answer[np.arange(len(best)), best]
    points = answer[:, marks].max(axis=1)
    found: list[tuple[int, float, float]] = []
    for column, letter in enumerate(best):
        if letter == 0:
            if found:
                found[-1] = (*found[-1][:2], min(found[-1][2], 1.0 - float(points[column])))
        elif column and letter == best[column - 1]:
            last = found[-1]
            found[-1] = (last[0], last[1], max(last[2], float(sure[column])))
        else:
            found.append((int(letter), column, float(sure[column])))
    return found


def _scaled(crop: Grey) -> Grey:
    width = max(8, round(_HEIGHT * crop.shape[1] / crop.shape[0]))
    return np.asarray(cv2.resize(crop, (width, _HEIGHT)), np.uint8)


def _normal(grey: Any) -> npt.NDArray[np.float32]:
    """A grey picture as the models take it: three channels from -1 to 1."""
    plane = grey.astype(np.float32) / 127.5 - 1.0
    return np.repeat(plane[None], 3, axis=0)


@cache
def _session(name: str) -> Any:
    spec = find_spec("rapidocr")
    places = spec.submodule_search_locations if spec else None
    path = Path(places[0], "models", name) if places else None
    if path is None or not path.is_file():
        raise ReadError(
            f"OCR lacks its model {name} (缺少文字识别模型)",
            remedy="install it with: pip install '.[ocr]' in the folder of nianbao",
            code="NB-READ-OCR",
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _letters() -> list[str]:
    """The letters of the recognition model; the first is its blank, the last a space."""
    held = _session(_RECOGNITION).get_modelmeta().custom_metadata_map["character"].splitlines()
    return ["", *held, " "]
