#!/usr/bin/env python3
"""What pictures of first pages cost.

    scripts/measure-thumbnails.py BINARY FOLDER [--save FOLDER] [--font FILE]

Reads every PDF and image below FOLDER twice by `BINARY extract --child`, once without a picture and
once with one. CPU is that of the whole child, its start included; the cost of a picture is the
difference. Prints one line a file with --each, and the summary.
"""

import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess

KINDS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tiff": "image/tiff",
    ".tif": "image/tiff",
    ".webp": "image/webp",
    ".gif": "image/gif",
}


def child(binary, data, mime, wanted, font):
    """CPU-ms of one child, its exit status, and the picture it gave, if any."""
    request = json.dumps(
        {"mime": mime, "size": len(data), "max_text_bytes": 16 << 20, "thumbnail": wanted}
    ).encode()
    args = [binary, "extract", "--child"]
    if font:
        args.append(f"--fallback-font={font}")
    process = subprocess.Popen(
        args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    # Children read all before they answer, but for the pages, which are fewer than a pipe holds or
    # are read by the thread that communicate() starts.
    reader_input = struct.pack("<I", len(request)) + request + data
    answer = []

    def read():
        answer.append(process.stdout.read())

    import threading

    thread = threading.Thread(target=read)
    thread.start()
    try:
        process.stdin.write(reader_input)
        process.stdin.close()
    except BrokenPipeError:
        pass
    thread.join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return (usage.ru_utime + usage.ru_stime) * 1000, status, picture(answer[0]), usage.ru_maxrss


def picture(frames):
    """The bytes of the picture among the frames that a child sent."""
    at = 0
    while at + 4 <= len(frames):
        (length,) = struct.unpack_from("<I", frames, at)
        message = json.loads(frames[at + 4 : at + 4 + length])
        at += 4 + length
        if isinstance(message, dict) and "thumbnail" in message:
            return frames[at : at + message["thumbnail"]]
    return None


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--save", type=pathlib.Path)
    parser.add_argument("--font")
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args()
    costs, sizes, peaks, without, crashed = [], [], [], 0, 0
    for path in sorted(options.folder.rglob("*")):
        mime = KINDS.get(path.suffix.lower())
        if mime is None:
            continue
        data = path.read_bytes()
        # The better of two runs each: what the machine does beside is nobody's cost.
        plain = min(child(options.binary, data, mime, False, options.font)[0] for _ in range(2))
        runs = [child(options.binary, data, mime, True, options.font) for _ in range(2)]
        cost, status, webp, peak = min(runs, key=lambda run: run[0])
        if options.each:
            size = len(webp) if webp else "-"
            print(f"{cost - plain:8.1f} ms {size:>7} {peak // 1024:>5} MB {path.name}")
        crashed += status != 0
        if webp is None:
            without += 1
            continue
        costs.append(cost - plain)
        sizes.append(len(webp))
        peaks.append(peak)
        if options.save:
            options.save.mkdir(parents=True, exist_ok=True)
            (options.save / f"{path.name}.webp").write_bytes(webp)
    print(f"{len(costs)} pictures, {without} files without one, {crashed} children that died")
    for name, values in (("CPU-ms", costs), ("bytes", sizes), ("peak KiB", peaks)):
        print(
            f"{name}: median {statistics.median(values):.1f}, mean {statistics.mean(values):.1f}, "
            f"p95 {quantile(values, 0.95):.1f}, most {max(values):.1f}"
        )


if __name__ == "__main__":
    main()
