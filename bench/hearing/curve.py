"""Draws curves as an SVG that reads on light and dark pages, without colour and aloud."""

import math
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 760, 480
LEFT, TOP, RIGHT, BOTTOM = 72, 56, 24, 64
LEGEND_LINE = 22
# The longest name for which two fit side by side.
LEGEND_CHARACTERS = 36
# Okabe and Ito's colours, which colour-blind readers tell apart; the dark page has lighter ones.
LIGHT = ("#0072b2", "#b34700", "#00795a", "#a0457a", "#555555", "#7a6a00")
DARK = ("#56b4e9", "#ff9a4d", "#2fc79a", "#e59ac4", "#c0c0c0", "#f0e442")
DASHES = ("none", "9 4", "2 4", "12 4 2 4", "5 3", "1 3")


def draw(path, title, x_label, y_label, series, marks=(), x_range=None, y_range=None):
    """Writes one chart.

    - series: [(name, [(x, y)])], at most six, in the order of the legend.
    - marks: [(x, y, text)], single points that are named.
    - x_range, y_range: (low, high); without them, what the points need.
    """
    if len(series) > len(LIGHT):
        raise ValueError("more curves than a reader tells apart")
    points = [point for _, line in series for point in line] + [mark[:2] for mark in marks]
    x_ticks = ticks(*(x_range or bounds([x for x, _ in points])))
    y_ticks = ticks(*(y_range or bounds([y for _, y in points])))
    names = [name for name, _ in series]
    legend_columns = 1 if max(map(len, names)) > LEGEND_CHARACTERS else 2
    height = HEIGHT + LEGEND_LINE * -(-len(names) // legend_columns)
    plot = Plot(x_ticks, y_ticks)
    parts = [head(title, x_label, y_label, names, height), *axes(plot, x_label, y_label)]
    parts += [part for index, (_, line) in enumerate(series) for part in curve(plot, index, line)]
    parts += named_points(plot, marks)
    for index, name in enumerate(names):
        parts += legend(index, name, legend_columns)
    Path(path).write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


class Plot:
    """From values to places; the first and last ticks are the edges."""

    def __init__(self, x_ticks, y_ticks):
        self.x_ticks, self.y_ticks = x_ticks, y_ticks

    def x(self, value):
        low, high = self.x_ticks[0], self.x_ticks[-1]
        return round(LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value):
        low, high = self.y_ticks[0], self.y_ticks[-1]
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)


def bounds(values):
    low, high = min(values, default=0), max(values, default=1)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def ticks(low, high):
    """Five to ten round values that hold both ends."""
    raw = (high - low) / 6
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def head(title, x_label, y_label, names, height):
    description = f"{y_label} against {x_label}, for {', '.join(names)}."
    style = [
        "text{font:14px system-ui,sans-serif;fill:#1f2328}",
        ".title{font-size:17px;font-weight:600}.small{font-size:12px}",
        ".page{fill:#ffffff}.grid{stroke:#d8dee4}.axis{stroke:#57606a}",
        ".line{fill:none;stroke-width:2.2;stroke-linejoin:round}.mark{fill:#1f2328}",
        *(f".s{index}{{stroke:{colour}}}" for index, colour in enumerate(LIGHT)),
        "@media (prefers-color-scheme: dark){text{fill:#e6edf3}.page{fill:#0d1117}",
        ".grid{stroke:#30363d}.axis{stroke:#8b949e}.mark{fill:#e6edf3}",
        *(f".s{index}{{stroke:{colour}}}" for index, colour in enumerate(DARK)),
        "}",
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="title desc">\n<title id="title">{escape(title)}</title>\n'
        f'<desc id="desc">{escape(description)}</desc>\n'
        f"<style>{''.join(style)}</style>\n"
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>\n'
        f'<text class="title" x="{LEFT}" y="32">{escape(title)}</text>'
    )


def axes(plot, x_label, y_label):
    top, bottom, right = TOP, HEIGHT - BOTTOM, WIDTH - RIGHT
    for tick in plot.x_ticks:
        x = plot.x(tick)
        yield f'<line class="grid" x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"/>'
        yield f'<text class="small" x="{x}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>'
    for tick in plot.y_ticks:
        y = plot.y(tick)
        yield f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}"/>'
        yield f'<text class="small" x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{tick:g}</text>'
    yield f'<line class="axis" x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
    yield f'<line class="axis" x1="{LEFT}" y1="{top}" x2="{LEFT}" y2="{bottom}"/>'
    middle = (LEFT + right) / 2
    yield f'<text x="{middle}" y="{bottom + 42}" text-anchor="middle">{escape(x_label)}</text>'
    middle = (top + bottom) / 2
    yield (
        f'<text x="20" y="{middle}" text-anchor="middle" transform="rotate(-90 20 {middle})">'
        f"{escape(y_label)}</text>"
    )


def curve(plot, index, line):
    places = " ".join(f"{plot.x(x)},{plot.y(y)}" for x, y in line)
    yield f'<polyline class="line s{index}" stroke-dasharray="{DASHES[index]}" points="{places}"/>'


def named_points(plot, marks):
    """Names stand right of their points, or left near the edge; a crowd's names go down in steps."""
    taken = []
    for x, y, text in marks:
        left, width = plot.x(x) > WIDTH * 0.7, 7 * len(text) + 18
        start, line = plot.x(x) - (width if left else 0), plot.y(y) + 16
        while any(abs(start - x0) < max(width, w0) and abs(line - y0) < 14 for x0, y0, w0 in taken):
            line += 14
        taken.append((start, line, width))
        place = f'x="{plot.x(x) + (-9 if left else 9)}" y="{round(line, 1)}"'
        anchor = "end" if left else "start"
        yield f'<circle class="mark" cx="{plot.x(x)}" cy="{plot.y(y)}" r="4"/>'
        yield f'<text class="small" {place} text-anchor="{anchor}">{escape(text)}</text>'


def legend(index, name, columns):
    x = LEFT + index % columns * (WIDTH - LEFT - RIGHT) // 2
    y = HEIGHT - BOTTOM + 62 + index // columns * LEGEND_LINE
    dash = DASHES[index]
    yield (
        f'<line class="line s{index}" stroke-dasharray="{dash}" '
        f'x1="{x}" y1="{y}" x2="{x + 36}" y2="{y}"/>'
    )
    yield f'<text x="{x + 44}" y="{y + 5}">{escape(name)}</text>'
