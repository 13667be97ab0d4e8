"""The process in which a video is encoded anew: started by `prepare_video`, for one video.

Takes the order as JSON in its first argument, prints nothing, ends with 0 when the target is whole.
Imports nothing of socialauto, and of PyAV only what a film in a file needs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import av.filter
import av.logging

_DEMUXERS = {"mp4": "mov", "mov": "mov", "webm": "matroska", "mkv": "matroska"}
"""Named, so that a playlist that calls itself a film opens no other file."""

_ENCODER = {
    "preset": "veryfast",
    "crf": "20",
    "profile": "high",
    "threads": "2",
    "flags": "bitexact",
}
"""With two threads whatever the machine has: their number shows in the result."""

_MEMORY = 4 * 1024**3
"""Bytes that the process may use; full HD needs one."""

_TURNS = {90: "cclock", 270: "clock", -90: "clock", -270: "cclock"}


def _rate(order: dict[str, Any]) -> Fraction:
    return Fraction(order["rate"]).limit_denominator(1001)


def _chain(graph: Any, first: Any, filters: list[tuple[str, str]], end: str) -> Any:
    last = first
    for name, arguments in filters:
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    last.link_to(graph.add(end))
    graph.configure()
    return graph


def _turn(frame: Any) -> list[tuple[str, str]]:
    rotation = round(frame.rotation)
    if rotation in _TURNS:
        return [("transpose", _TURNS[rotation])]
    return [("hflip", ""), ("vflip", "")] if abs(rotation) == 180 else []


def _pictures(order: dict[str, Any], stream: Any, frame: Any) -> Any:
    graph = av.filter.Graph()
    cut, content, canvas = order["cut"], order["content"], order["canvas"]
    filters = [("yadif", "")] if order["interlaced"] else []
    filters += _turn(frame)
    filters += [
        ("crop", f"{cut[0]}:{cut[1]}"),
        ("scale", f"{content[0]}:{content[1]}:flags=lanczos"),
    ]
    if canvas != content:
        color = order["color"].replace("#", "0x")
        filters.append(("pad", f"{canvas[0]}:{canvas[1]}:(ow-iw)/2:(oh-ih)/2:{color}"))
    filters += [
        ("setsar", "1"),
        ("fps", f"fps={_rate(order)}:start_time=0"),
        ("format", "yuv420p"),
    ]
    return _chain(graph, graph.add_buffer(template=stream), filters, "buffersink")


def _sound(order: dict[str, Any], stream: Any) -> Any:
    graph = av.filter.Graph()
    rate, layout = order["sound"]["rate"], order["sound"]["layout"]
    filters = [
        ("aresample", f"{rate}:async=1:first_pts=0"),
        ("aformat", f"sample_fmts=fltp:sample_rates={rate}:channel_layouts={layout}"),
        ("asetnsamples", "1024:p=0"),
    ]
    return _chain(graph, graph.add_abuffer(template=stream), filters, "abuffersink")


def _pulled(graph: Any) -> Iterator[Any]:
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return


class _Line:
    """One stream on its way from file to file."""

    def __init__(self, target: Any, source: Any, encoder: Any, make: Any) -> None:
        self._target, self._source, self._encoder, self._make = target, source, encoder, make
        self._graph: Any = None

    def take(self, packet: Any) -> None:
        for frame in packet.decode():
            if self._graph is None:
                self._graph = self._make(frame)
            self._graph.push(frame)
            self._pass_on()

    def _pass_on(self) -> None:
        for frame in _pulled(self._graph):
            if isinstance(frame, av.VideoFrame):
                frame.pict_type = 0  # the source's key frames are not ours
            self._target.mux(self._encoder.encode(frame))

    def end(self) -> None:
        if self._graph is not None:
            self._graph.push(None)
            self._pass_on()
        self._target.mux(self._encoder.encode(None))


class _Kept:
    """A stream whose packets are passed on as they are."""

    def __init__(self, target: Any, source: Any) -> None:
        self._target, self._stream = target, target.add_stream_from_template(source)

    def take(self, packet: Any) -> None:
        if packet.dts is not None:  # the last one is empty
            packet.stream = self._stream
            self._target.mux(packet)

    def end(self) -> None:
        pass


def _video_encoder(target: Any, order: dict[str, Any]) -> Any:
    options = {**_ENCODER, "maxrate": str(order["bit_rate"]), "bufsize": str(order["bit_rate"])}
    encoder = target.add_stream("libx264", rate=_rate(order), options=options)
    encoder.width, encoder.height = order["canvas"]
    encoder.pix_fmt = "yuv420p"
    return encoder


def _audio_encoder(target: Any, order: dict[str, Any]) -> Any:
    encoder = target.add_stream("aac", rate=order["sound"]["rate"], options={"flags": "bitexact"})
    encoder.layout, encoder.bit_rate = order["sound"]["layout"], 128_000
    return encoder


def _lines(order: dict[str, Any], source: Any, target: Any) -> dict[int, _Line | _Kept]:
    """By the index of the source's stream."""
    film = source.streams.video[0]
    film.thread_type = "AUTO"
    lines: dict[int, _Line | _Kept] = {}
    if order["keep_pictures"]:
        lines[film.index] = _Kept(target, film)
    else:
        encoder = _video_encoder(target, order)
        lines[film.index] = _Line(
            target, film, encoder, lambda frame: _pictures(order, film, frame)
        )
    if order["sound"]:
        tone = source.streams.audio[0]
        encoder = _audio_encoder(target, order)
        lines[tone.index] = _Line(target, tone, encoder, lambda frame: _sound(order, tone))
    return lines


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def encode(order: dict[str, Any]) -> None:
    demuxer = _DEMUXERS.get(order["container"], order["container"])
    flags = {"movflags": "+faststart", "fflags": "+bitexact"}
    with (
        av.open(order["source"], format=demuxer) as source,
        av.open(order["target"], "w", format="mp4", options=flags) as target,
    ):
        lines = _lines(order, source, target)
        for packet in source.demux([source.streams[index] for index in lines]):
            lines[packet.stream.index].take(packet)
        for line in lines.values():
            line.end()


if __name__ == "__main__":
    _limit_memory()
    av.logging.set_level(av.logging.PANIC)
    encode(json.loads(sys.argv[1]))
