"""The arithmetic of shapes: what to cut, scale and pad so that a picture fits a platform."""

from __future__ import annotations

from math import ceil, floor

from socialauto.core.capability import ImageRules, VideoRules
from socialauto.core.profile import Frame
from socialauto.core.wishes import Fit

Size = tuple[int, int]
Rules = ImageRules | VideoRules


def out_of_range(size: Size, rules: Rules) -> float | None:
    """The limit that the shape misses, width divided by height; None when it is taken."""
    ratio = size[0] / size[1]
    if rules.min_ratio is not None and ratio < rules.min_ratio:
        return rules.min_ratio
    if rules.max_ratio is not None and ratio > rules.max_ratio:
        return rules.max_ratio
    return None


def cropped(size: Size, limit: float) -> Size:
    """The largest part that has the ratio `limit`, or is just inside of it."""
    width, height = size
    if width / height < limit:
        return width, max(1, floor(width / limit))
    return max(1, floor(height * limit)), height


def _padded(size: Size, limit: float | None, min_width: int) -> Size:
    """The smallest canvas around `size` that has the ratio and the width."""
    width, height = size
    if limit is not None:
        if width / height < limit:
            width = ceil(height * limit)
        else:
            height = ceil(width / limit)
    if width < min_width:
        width, height = min_width, max(height, round(height * min_width / width))
    return width, height


def _in_range(size: Size, rules: Rules) -> Size:
    """With a height that keeps the ratio in spite of rounding."""
    width, height = size
    if rules.min_ratio is not None:
        height = min(height, floor(width / rules.min_ratio))
    if rules.max_ratio is not None:
        height = max(height, ceil(width / rules.max_ratio))
    return width, max(1, height)


def _even(size: Size, rules: Rules) -> Size:
    """4:2:0 video has even sides. The height goes to the side that keeps the ratio."""
    width, height = _in_range((max(2, size[0] - size[0] % 2), size[1]), rules)
    lower, higher = max(2, height - height % 2), height + height % 2
    return width, lower if out_of_range((width, lower), rules) is None else higher


def _scaled(size: Size, rules: Rules) -> Size:
    """Not wider than the rules allow."""
    width, height = size
    if rules.max_width is None or width <= rules.max_width:
        return size
    to = rules.max_width, max(1, round(height * rules.max_width / width))
    return _in_range(to, rules) if out_of_range(size, rules) is None else to


def _inside(content: Size, before: Size, canvas: Size) -> Size:
    """`content`, scaled as the canvas was scaled from `before`."""
    factor = min(1.0, canvas[0] / before[0], canvas[1] / before[1])
    width, height = (max(1, round(side * factor)) for side in content)
    return min(width, canvas[0]), min(height, canvas[1])


def frame_for(size: Size, rules: Rules, fit: Fit | None) -> Frame:
    """How a picture of this shown size is brought into shape; it is never scaled up."""
    limit = out_of_range(size, rules)
    if fit == "pad":
        least = rules.min_width if isinstance(rules, ImageRules) else None
        around = _padded(size, limit, least or 1)
        canvas = _scaled(around, rules)
        return Frame(size, _inside(size, around, canvas), canvas)
    cut = cropped(size, limit) if fit == "crop" and limit is not None else size
    to = _scaled(cut, rules)
    return Frame(cut, to, to)


def even_frame(size: Size, rules: VideoRules, fit: Fit | None) -> Frame:
    """The same for a video."""
    frame = frame_for(size, rules, fit)
    canvas = _even(frame.canvas, rules)
    if frame.content == frame.canvas:
        cut = canvas if frame.cut == frame.content != size else frame.cut
        return Frame(cut, canvas, canvas)
    inner = (max(2, side - side % 2) for side in _inside(frame.content, frame.canvas, canvas))
    width, height = inner
    return Frame(frame.cut, (width, height), canvas)
