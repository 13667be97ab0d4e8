"""Makes of an image the JPEG that was decided on. The only place that decodes pictures.

What is measured here beside the header (transparency, colour profile) is followed even where the
header did not tell of it. The same bytes come out for the same bytes and libraries.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageCms

from socialauto.core.media_facts import ImageFacts
from socialauto.core.profile import Frame, Needed, Treatment
from socialauto.media.jpeg_notes import without_notes
from socialauto.media.making import NotMadeError

if TYPE_CHECKING:
    from socialauto.core.wishes import Wishes

_PLUGINS = {"heic": "HEIF", "jpeg": "JPEG", "mpo": "MPO"}
"""Pillow's names where they are not ours in capitals."""

QUALITIES = (90, 85, 80, 75, 70, 60, 50)
"""Tried from the left until the file is small enough; then the picture itself is made smaller."""
_SMALLER = 0.8
_SMALLEST = 64

_DEEP = ("I", "I;16", "I;16B", "I;16L")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By EXIF orientation."""
_UPRIGHT_ANYWAY = ("heic", "tiff")
"""Their decoders turn them."""


def _open(data: bytes, kind: str) -> Image.Image:
    if kind == "heic":
        try:
            from pi_heif import register_heif_opener
        except ImportError:
            words = 'is a HEIC image, which needs pip install "socialauto[heic]"'
            raise NotMadeError(words) from None
        register_heif_opener(thumbnails=False)
    name = _PLUGINS.get(kind, kind.upper())
    names = ("JPEG", "MPO") if kind in ("jpeg", "mpo") else (name,)
    return Image.open(BytesIO(data), formats=names)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Pillow cuts 16-bit grey off at 255 when it is asked for eight bits."""
    if image.mode not in _DEEP:
        return image
    grey = image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    grey.info.pop("transparency", None)  # one of 65,536 greys
    return grey


def _plain(image: Image.Image) -> Image.Image:
    """In one of the modes that the colour library and the compositor know."""
    see_through = "transparency" in image.info
    match image.mode:
        case "RGBA" | "CMYK":
            return image
        case "LA" | "La" | "PA" | "RGBa":
            return image.convert("RGBA")
        case "P" | "RGB" | "L" | "1" if see_through:
            return image.convert("RGBA")
        case "L":
            return image
        case _:
            return image.convert("RGB")


def _srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """In sRGB. A profile that is broken, or for other colours than these, is not followed."""
    to = "RGBA" if image.mode == "RGBA" else "RGB"
    if icc:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(icc)),
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode=to,
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert(to)


def _opaque(image: Image.Image, color: str) -> Image.Image:
    if image.mode != "RGBA":
        return image
    below = Image.new("RGB", image.size, color)
    below.paste(image, mask=image.getchannel("A"))
    return below


def _cut(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle."""
    left, top = (image.width - size[0]) // 2, (image.height - size[1]) // 2
    return image.crop((left, top, left + size[0], top + size[1]))


def _framed(image: Image.Image, frame: Frame, color: str) -> Image.Image:
    if image.size != frame.cut:
        image = _cut(image, frame.cut)
    if image.size != frame.content:
        image = image.resize(frame.content, Image.Resampling.LANCZOS)
    if frame.canvas == frame.content:
        return image
    canvas = Image.new("RGB", frame.canvas, color)
    at = (frame.canvas[0] - image.width) // 2, (frame.canvas[1] - image.height) // 2
    canvas.paste(image, at)
    return canvas


def _drafted(image: Image.Image, frame: Frame) -> Image.Image:
    """Only JPEGs can be decoded smaller; the frame is in pixels as shown, whichever way is up."""
    factor = max(content / cut for content, cut in zip(frame.content, frame.cut, strict=True))
    image.draft(None, (round(image.width * factor), round(image.height * factor)))
    return image


def _upright(image: Image.Image, facts: ImageFacts) -> Image.Image:
    if facts.orientation == 1 or facts.format in _UPRIGHT_ANYWAY:
        return image
    return image.transpose(_UPRIGHT[facts.orientation])


def _check_header(size: tuple[int, int], facts: ImageFacts) -> None:
    """Before anything is decoded: what was counted must be what is about to be allocated. Some
    decoders have turned the picture by now."""
    if sorted(size) != sorted((facts.width, facts.height)):
        raise NotMadeError(
            f"is {size[0]} × {size[1]} for its decoder, its header says "
            f"{facts.width} × {facts.height}"
        )


def _check_size(size: tuple[int, int], facts: ImageFacts) -> None:
    """Everything was decided by the header; a file that is another picture inside is refused."""
    if size != (facts.shown_width, facts.shown_height):
        raise NotMadeError(
            f"is {size[0]} × {size[1]} when it is decoded, its header says "
            f"{facts.shown_width} × {facts.shown_height}"
        )


def _decoded(data: bytes, facts: ImageFacts, frame: Frame, wishes: Wishes) -> Image.Image:
    """Upright, in sRGB, without transparency, in its frame, and with nothing in its notes."""
    with _open(data, facts.format) as image:
        _check_header(image.size, facts)
        before = image.width
        _drafted(image, frame)
        shrunk = image.width / before
        image.load()
        icc = image.info.get("icc_profile") or b""
        made = _upright(_opaque(_srgb(_plain(_eight_bit(image)), icc), wishes.color), facts)
    if shrunk == 1:
        _check_size(made.size, facts)
    else:  # the part that stays has shrunk as well
        width, height = (max(1, round(side * shrunk)) for side in frame.cut)
        cut = min(width, made.width), min(height, made.height)
        frame = Frame(cut, frame.content, frame.canvas)
    made = _framed(made, frame, wishes.color)
    made.info.clear()
    return made


def _jpegs(image: Image.Image) -> Iterator[bytes]:
    """Ever smaller files."""
    while min(image.size) >= _SMALLEST:
        for quality in QUALITIES:
            target = BytesIO()
            image.save(target, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
            yield target.getvalue()
        size = (round(image.width * _SMALLER), round(image.height * _SMALLER))
        image = image.resize(size, Image.Resampling.LANCZOS)


def _stored(image: Image.Image, max_bytes: int) -> bytes:
    for data in _jpegs(image):
        if len(data) < max_bytes:
            return data
    raise NotMadeError(f"cannot be made smaller than {max_bytes:,} bytes")


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow warns of many pixels, which have been counted before, and of harmless oddities."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def prepare_image(
    data: bytes, facts: ImageFacts, needed: Needed, wishes: Wishes, max_bytes: int
) -> bytes:
    """The JPEG. Raises `NotMadeError` for an image that its header does not do justice."""
    if all(step.what is Treatment.STRIP for step in needed.steps):
        return without_notes(data)
    try:
        with _quiet():
            return _stored(_decoded(data, facts, needed.frame, wishes), max_bytes)
    except (OSError, SyntaxError, ValueError, IndexError, EOFError, RuntimeError) as error:
        words = str(error).rstrip(".") or type(error).__name__
        raise NotMadeError(f"cannot be decoded: {words}") from None
    except MemoryError:
        raise NotMadeError("needs more memory than this machine has") from None
