"""How the notebooks draw and say their figures.

Colours are those of Okabe and Ito, which colour-blind people tell apart; texts from
a base are drawn and written as they are, whatever is in them.
"""
import base64
import html
import io
import re
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import matplotlib.ticker
import pandas as pd
from IPython.display import HTML, Markdown, display
from matplotlib import font_manager

BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#8A4F7D", "#767676"
FONT = "DejaVu Sans"  # comes with matplotlib


def style():
    """Sets the look of all figures: light ground, few lines, texts that are no formulas."""
    plt.close("all")
    mpl.rcParams.update({
        "figure.dpi": 100, "savefig.dpi": 100, "figure.facecolor": "white", "figure.constrained_layout.use": True, "savefig.facecolor": "white",
        "font.family": FONT, "font.size": 10, "axes.titlesize": 11, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.facecolor": "white",
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "axes.axisbelow": True, "grid.color": "#E4E4E4",
        "legend.frameon": False, "text.parse_math": False, "axes.prop_cycle": mpl.cycler(color=[BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY]),
    })


@cache
def glyphs():
    """The characters that the figures' font has."""
    return frozenset(font_manager.get_font(font_manager.findfont(FONT)).get_charmap())


def drawn(text, most=28):
    """A text from the base for a figure: at most so many characters, and a box for those that the font lacks."""
    text = "".join(c if ord(c) in glyphs() and c.isprintable() else "□" for c in str(text))
    return text if len(text) <= most else text[: most - 1] + "…"


def word(text, most=60):
    """A text from the base for a sentence: nothing in it is markup."""
    text = "".join(c if c.isprintable() else " " for c in str(text))
    text = text if len(text) <= most else text[: most - 1] + "…"
    return re.sub(r"([\\`*_{}\[\]()#+!|$~-])", r"\\\1", html.escape(text, quote=False))


def say(*sentences):
    """Shows sentences as a paragraph; those that are empty are left out."""
    if text := " ".join(s for s in sentences if s):
        display(Markdown(text))


def tabled(frame, precision=1):
    """Shows a frame as a table: texts to the left, numbers to the right, nothing in a cell is markup."""
    texts = [c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    left = {"text-align": "left"}
    table = frame.style.hide(axis="index").format(escape="html", precision=precision, thousands=",").format_index(escape="html", axis=1)
    headers = {c: [{"selector": "th", "props": [("text-align", "left")]}] for c in texts}
    display(table.set_properties(subset=texts, **left).set_table_styles(headers))


def listed(items, most=3):
    """a, b and c; or a, b, c and 4 more."""
    items = [str(i) for i in items]
    if len(items) > most:
        return ", ".join(items[:most]) + f" and {len(items) - most:,} more"
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else "none"


def many(n, one, more=None):
    """1 account; 2,000 accounts; no account."""
    return f"{n:,} {one if n == 1 else more or one + 's'}" if n else f"no {one}"


def percent(v, digits=1):
    """0.123 as 12.3 %."""
    return f"{100 * v:.{digits}f} %"


def between(low, high, write):
    """The ends of a 95 % interval."""
    return f"95 %: {write(low)} to {write(high)}"


def reach(values, lows, highs):
    """What errorbar draws: how far intervals reach below and above values. A value beyond an end by rounding reaches 0."""
    return [[max(0.0, v - low) for v, low in zip(values, lows)], [max(0.0, high - v) for v, high in zip(values, highs)]]


def show(figure, alt):
    """Shows a figure with a text for those who do not see it."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    plt.close(figure)
    data = base64.b64encode(png.getvalue()).decode()
    display(HTML(f'<img alt="{html.escape(alt)}" style="max-width: 100%" src="data:image/png;base64,{data}">'))


def short(v, _=None):
    """A number for an axis: 350, 12k, 3.5M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(v) >= size:
            return f"{v / size:g}{unit}"
    return f"{v:g}"


def logarithmic(axis, **scale):
    """Gives an axis a logarithmic scale, with numbers that people read."""
    (axis.axes.set_xscale if axis.axis_name == "x" else axis.axes.set_yscale)(**{"value": "log", **scale})
    axis.set_major_formatter(mpl.ticker.FuncFormatter(short))
    axis.set_minor_formatter(mpl.ticker.NullFormatter())


def bars(ax, names, values, lows=None, highs=None, colour=BLUE, colours=None, most=28):
    """Horizontal bars from the top down, with intervals where there are any."""
    at = range(len(names))
    ax.barh(at, values, color=colours or colour, height=0.7)
    if lows is not None:
        ax.errorbar(values, at, xerr=reach(values, lows, highs), fmt="none", ecolor="black", elinewidth=1, capsize=2.5)
    ax.set_yticks(at, [drawn(n, most) for n in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)


def ground(colour):
    """Black or white, whichever is read on a colour."""
    r, g, b = mpl.colors.to_rgb(colour)
    return "black" if 0.299 * r + 0.587 * g + 0.114 * b > 0.5 else "white"
