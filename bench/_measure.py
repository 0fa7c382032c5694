"""Run one contestant in a process of its own and account for it: wall and CPU seconds, peak memory."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def children_of(pid: int) -> list[int]:
    """All processes below one, on Linux."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += [int(entry.name), *children_of(int(entry.name))]
    return found


def cpu_of(pids: list[int]) -> float:
    """CPU seconds that living processes and their reaped children have used."""
    ticks, total = os.sysconf("SC_CLK_TCK"), 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(fields[n]) for n in (11, 12, 13, 14)) / ticks
    return total


def measured(work: Callable[[], Any], server: int = 0) -> dict[str, Any]:
    """Do the work in a forked child. `server` is a process (a database) whose CPU counts too."""
    sys.stdout.flush()
    reader, writer = os.pipe()
    before = cpu_of([server, *children_of(server)]) if server else 0.0
    child = os.fork()
    if child == 0:
        os.close(reader)
        status = 1
        try:
            started = time.monotonic()
            answer = work()
            wall = time.monotonic() - started
            usage = resource.getrusage(resource.RUSAGE_SELF)
            with os.fdopen(writer, "w") as stream:
                json.dump(
                    {
                        "wall": wall,
                        "cpu": usage.ru_utime + usage.ru_stime,
                        "memory": usage.ru_maxrss / 1024,
                        "answer": answer,
                    },
                    stream,
                )
            status = 0
        except BaseException:  # the child must not return into its parent's code
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as stream:
        text = stream.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("a contestant failed, see above")
    result: dict[str, Any] = json.loads(text)
    if server:
        time.sleep(0.2)
        result["server_cpu"] = cpu_of([server, *children_of(server)]) - before
        result["cpu"] += result["server_cpu"]
    return result


def show(title: str, ours: dict[str, Any], peers: dict[str, dict[str, Any]]) -> None:
    """The table and the ratios peer ÷ ours."""
    print(f"\n{title}")
    print(f"{'':28}{'wall s':>9}{'CPU s':>9}{'MB':>8}")
    for name, row in {"Xingtan": ours, **peers}.items():
        print(f"{name:28}{row['wall']:9.2f}{row['cpu']:9.2f}{row['memory']:8.0f}")
    for name, row in peers.items():
        print(f"{name} ÷ Xingtan: wall {row['wall'] / ours['wall']:.1f}, CPU {row['cpu'] / ours['cpu']:.1f}")
