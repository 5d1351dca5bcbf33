"""Tells the processor at hand: its name, so that what was measured on another is measured again, and what it can."""

import contextlib
import os
import platform
from pathlib import Path

# What makes one arithmetic faster than another; the rest of the flags doesn't.
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8", "bf16")
_INT8_FLAGS = {"avx512_vnni", "avx_vnni"}


def processor() -> str:
    """The processor at hand, with the arithmetic it knows and how many of its cores are ours."""
    name, flags = _read()
    known = " ".join(flag for flag in _FLAGS if flag in flags)
    return f"{name}; {len(os.sched_getaffinity(0))} cores; {known}"


def multiplies_bytes() -> bool:
    """Whether it multiplies bytes without overflow."""
    return bool(_INT8_FLAGS & _read()[1])


def _read() -> tuple[str, set[str]]:
    """The processor's name and all of its flags."""
    name, flags = platform.machine(), set[str]()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() in ("flags", "Features"):
                flags |= set(value.split())
                break
    return name, flags
