"""The chart of `make bench`: how fast god is when QEMU's TCG is 1, row by row, as SVG.

Drawn here, without a library: a bar to the right of the line is faster than QEMU, one to the left
slower, and each step of the axis doubles.
"""

import html
import math

COLOURS = {"interp": "#8a8f98", "jit": "#2f6fde", "kvm": "#2c9c5a"}
LEFT, RIGHT, TOP, BAR, GAP, WIDTH = 250, 64, 74, 11, 8, 880
TITLES = LEFT - 44  # leaves room for the figure beside the slowest bar


def text(x, y, words, anchor="start", extra=""):
    words = html.escape(words)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{words}</text>'


class Axis:
    """Powers of two, from the slowest bar to the fastest, with QEMU's 1 always in sight."""

    def __init__(self, speeds):
        self.low = min(-1, math.floor(math.log2(min(speeds))))
        self.high = max(1, math.ceil(math.log2(max(speeds))))

    def x(self, speed):
        share = (math.log2(speed) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def draw(self, bottom):
        parts = []
        for power in range(self.low, self.high + 1):
            x = self.x(2.0 ** power)
            strong = ' stroke="#444" stroke-width="1.5"' if power == 0 else ' stroke="#ddd"'
            label = str(2 ** power) if power >= 0 else f"1/{2 ** -power}"
            parts.append(f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{bottom}"{strong}/>')
            parts.append(text(x, bottom + 15, label, "middle"))
        return parts


def bar(axis, y, engine, speed):
    end, base = axis.x(speed), axis.x(1)
    left, width = min(end, base), max(abs(end - base), 1)
    beside = (end + 4, "start") if speed >= 1 else (end - 4, "end")
    return [f'<rect x="{left:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"'
            f' fill="{COLOURS[engine]}"/>',
            text(beside[0], y + BAR - 2, f"{speed:.2f}", beside[1], ' font-size="10"')]


def legend(engines):
    parts, x = [], LEFT
    for engine in engines:
        parts.append(f'<rect x="{x}" y="44" width="11" height="11" fill="{COLOURS[engine]}"/>')
        parts.append(text(x + 16, 54, engine))
        x += 90
    return parts


def draw(result):
    """The chart of a result of report.make(): of the time that passed, or, when the host was busy
    with other things as well, of CPU time."""
    engines, host = result["engines"], result["host"]
    by, measure = ("cpu_ratio", "CPU time") if host["busy"] else ("ratio", "time")
    rows = [(row["title"], row[by]) for row in result["rows"]]
    rows.append(("geometric mean", result["geometric_mean"]["all"][by]))
    axis = Axis([1 / ratio for _, ratios in rows for ratio in ratios.values()])
    step = len(engines) * BAR + GAP
    bottom = TOP + len(rows) * step
    parts = [text(16, 24, f"Speed of {host['god']} when QEMU's TCG is 1",
                  extra=' font-size="16" font-weight="bold"')]
    parts += legend(engines) + axis.draw(bottom)
    for i, (title, ratios) in enumerate(rows):
        y = TOP + i * step
        weight = ' font-weight="bold"' if i == len(rows) - 1 else ""
        parts.append(text(TITLES, y + (step - GAP) / 2 + 4, title, "end", weight))
        for j, engine in enumerate(engines):
            parts += bar(axis, y + j * BAR, engine, 1 / ratios[engine])
    parts.append(text(16, bottom + 38, f"{host['qemu'].split(' (')[0]}; {host['cpu']}; "
                      f"{measure}, medians of {result['runs']}; {host['date'][:10]}",
                      extra=' fill="#666"'))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{bottom + 50}"'
            f' viewBox="0 0 {WIDTH} {bottom + 50}" font-family="sans-serif" font-size="12">\n'
            f'<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n")
