"""Throws mutated frames at the wire's receiver; only WireError may come back.

    python benchmarks/fuzz_wire.py --frames 1000000 --seed 7

Prints how many frames were refused, closed early or decoded. What decodes is checked as well: plain
tensors, bools of 0 or 1, text that has a UTF-8. Anything else ends the run with the frame in hex.
"""

import argparse
import json
import random
import re
import socket
import time
from collections import Counter

import torch

from autograder.worker.frame import MAGIC, PREFIX
from autograder.worker.wire import Deadline, Limits, PeerClosed, WireError, encode, receive

#: Small, so that mutated sizes meet the limits often.
LIMITS = Limits(
    header_bytes=1 << 14, body_bytes=1 << 14, tensors=6, dimensions=4, depth=6, nodes=200
)

SEEDS = (
    None,
    [True, -1, 2**63 - 1, 0.5, float("nan"), float("-inf"), "text", "naïve 🙂"],
    {"w": torch.arange(6.0).reshape(2, 3), "b": (torch.tensor(2.0), [torch.zeros(0, 5)])},
    (torch.tensor([[True, False]]), {"nested": {"deeper": [(), [], {}]}}),
    [torch.ones(3, dtype=dtype) for dtype in (torch.int64, torch.bfloat16, torch.complex64)],
)

#: Parts of JSON that replace other parts: values that receivers have fallen over, and pieces.
FRAGMENTS = (
    *(b"[]", b"{}", b"null", b"true", b"-1", b"1e999", b"NaN", b"-Infinity", b"0.5", b'""', b'"b"'),
    *(b"1" * 19, b"9" * 5000, b"[" * 2000, b"[[[[[[[[", b"1099511627776", b"4611686018427387904"),
    *(b'"\\ud800"', b'"nan"', b'{"!f":[]}', b'{"!t":[],"s":[]}', b'{"!t":"b","s":[3]}', b'"!m"'),
    *(b'{"!t":"f32","s":[0,1099511627776,1099511627776]}', b'{"!m":[["a",1],["a",2]]}', b'"!u"'),
    *(b'"!t"', b'"!f"', b"\xed\xa0\x80", b"\xff", b"\x00", b",", b":", b"[", b"]", b"{", b"}"),
)


def mutate(frame: bytes, rng: random.Random) -> bytes:
    """Change a frame in one to four places, half of the time keeping its JSON well formed."""
    _, header_bytes, body_bytes = PREFIX.unpack_from(frame)
    header = bytearray(frame[PREFIX.size : PREFIX.size + header_bytes])
    body = bytearray(frame[PREFIX.size + header_bytes :])
    well_formed = rng.random() < 0.5
    for _ in range(rng.randint(1, 4)):
        if well_formed:
            _replace_token(header, rng)
        else:
            _damage(header if rng.random() < 0.8 else body, rng)
    announced = len(body) if rng.random() < 0.5 else body_bytes
    mutated = bytearray(PREFIX.pack(MAGIC, len(header), announced) + header + body)
    if rng.random() < 0.1:
        mutated[rng.randrange(PREFIX.size)] = rng.randrange(256)
    if rng.random() < 0.1:
        del mutated[rng.randint(0, len(mutated)) :]
    return bytes(mutated)


def _damage(part: bytearray, rng: random.Random) -> None:
    at = rng.randint(0, len(part))
    match rng.randrange(4):
        case 0:
            part[at : at + rng.randint(0, 8)] = rng.choice(FRAGMENTS)
        case 1:
            part[at : at + 1] = bytes([rng.randrange(256)])
        case 2:
            del part[at : at + rng.randint(1, 6)]
        case _:
            part[at:at] = part[: rng.randint(0, len(part))]


def _replace_token(header: bytearray, rng: random.Random) -> None:
    """Replace one value of the JSON by another, so that the rest stays well formed."""
    tree = json.loads(header)
    root = [tree]
    containers = [root]
    for container in containers:
        children = container.values() if isinstance(container, dict) else container
        containers += [child for child in children if isinstance(child, list | dict)]
    container = rng.choice([container for container in containers if container])
    keys = list(container) if isinstance(container, dict) else list(range(len(container)))
    values = (0, 1, 3, -1, 2**40, 2**64, True, None, "b", "f64", "\ud800", [], {}, [2, 2], ["a", 1])
    container[rng.choice(keys)] = rng.choice(values)
    header[:] = json.dumps(root[0]).encode()


def deliver(frame: bytes, limits: Limits = LIMITS):
    """Receive one frame that is sent whole, followed by the end of the connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(frame)
        theirs.close()
        return receive(ours, limits, Deadline(10.0))


def check_plain(value) -> None:
    """Assert that a decoded value is nothing but what the wire promises."""
    kind = type(value)
    if kind in (list, tuple):
        for item in value:
            check_plain(item)
    elif kind is dict:
        for name, item in value.items():
            assert type(name) is str
            name.encode()
            check_plain(item)
    elif kind is torch.Tensor:
        assert value.is_contiguous()
        assert value.device.type == "cpu"
        assert not value.requires_grad
        value.sum()
        if value.dtype == torch.bool:
            assert int(value.view(torch.uint8).max()) <= 1 if value.numel() else True
    elif kind is str:
        value.encode()
    elif kind is int:
        assert abs(value) < 2**63
    else:
        assert value is None or kind in (bool, float)


def fuzz(frames: int, seed: int) -> Counter[str]:
    """Deliver mutated frames and count what became of them.

    Raises:
        RuntimeError: If a frame made the receiver raise anything but WireError, or decode to
            something that it must not; the message holds the frame.
    """
    rng = random.Random(seed)
    seeds = [b"".join(encode(value)) for value in SEEDS]
    counts: Counter[str] = Counter()
    for _ in range(frames):
        frame = mutate(rng.choice(seeds), rng)
        try:
            check_plain(deliver(frame))
            counts["decoded"] += 1
        except PeerClosed:
            counts["closed early"] += 1
        except WireError as error:
            counts["refused"] += 1
            reason = re.sub(r"\d+|b'.*' instead", "#", str(error))
            counts[f"  {reason}"] += 1
        except Exception as error:
            raise RuntimeError(f"{type(error).__name__} from frame {frame.hex()}") from error
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started_s = time.perf_counter()
    counts = fuzz(arguments.frames, arguments.seed)
    rate = arguments.frames / (time.perf_counter() - started_s)
    print(f"{arguments.frames} frames, {rate:.0f} a second, seed {arguments.seed}")
    for name, count in counts.most_common():
        print(f"{count:>9}  {name}")


if __name__ == "__main__":
    main()
