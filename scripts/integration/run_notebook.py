"""Run one notebook on a project as an analyst would, and look at what came of it.

	python run_notebook.py NOTEBOOK PROJECT PAGE.html [--fails TEXT] [SENTENCE…]

The notebook must hold no output as it is stored, run without an error and without
a word on stderr, and say each SENTENCE, which is a regular expression; every
picture must have a text for those who do not see it. With --fails it must end with
an error that holds TEXT. What it showed is written to PAGE.html, without its code,
for people to look at. Exits 1 if anything is otherwise.
"""
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

CELL_SECONDS = 300


def stripped(notebook, path):
    """A stored notebook holds what people wrote, and nothing that was worked out."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            sys.exit(f"{path}: cell {number} is stored with its output; clear all outputs before it is committed")


class Seen(HTMLParser):
    """The words of a page, its pictures, and elements that came from a base."""

    def __init__(self, page):
        super().__init__()
        self.words, self.pictures, self.planted = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        if tag == "img" and str(of.get("src")).startswith("data:image/png"):
            self.pictures.append(of.get("alt"))
        elif tag == "img" or "onload" in of or "onerror" in of:
            self.planted.append(self.get_starttag_text())

    def handle_data(self, data):
        self.words.append(data)

    def said(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def shown(notebook):
    """What the cells showed, as HTML and as plain text: results, not code."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                sys.exit(f"a cell says on stderr:\n{output.text}\n{cell.source[:400]}")
            if output.output_type == "stream":
                yield output.text
            data = output.get("data", {})
            yield data.get("text/html") or data.get("text/markdown") or data.get("text/plain", "")


def main():
    notebook_path, project, page = sys.argv[1:4]
    wanted = sys.argv[4:]
    fails = wanted[1] if wanted[:1] == ["--fails"] else None
    wanted = wanted[2:] if fails else wanted
    notebook = nbformat.read(notebook_path, as_version=4)
    stripped(notebook, notebook_path)
    os.environ["ICPFIT_PROJECT"] = str(Path(project).absolute())
    name = f"{Path(notebook_path).stem} on {Path(project).name}"
    folder = {"metadata": {"path": str(Path(notebook_path).parent)}}
    client = NotebookClient(notebook, timeout=CELL_SECONDS, startup_timeout=CELL_SECONDS, extra_arguments=["--log-level=ERROR"], resources=folder)
    try:
        client.execute()
    except CellExecutionError as e:
        if fails and fails in str(e):
            print(f"ok    {name}: ends with {fails!r}, as it must")
            return
        sys.exit(f"FAIL  {name}:\n{e}")
    if fails:
        sys.exit(f"FAIL  {name}: ends well; want an error with {fails!r}")
    seen = Seen("".join(shown(notebook)))
    missing = [s for s in wanted if not re.search(s, seen.said())]
    if missing:
        sys.exit(f"FAIL  {name}: does not say {missing[0]!r}; it says:\n{seen.said()}")
    if None in seen.pictures or "" in seen.pictures:
        sys.exit(f"FAIL  {name}: a picture without a text")
    if seen.planted or "owned" in "".join(re.findall(r"<(?:script|h1)[^>]*>(.*?)</", "".join(shown(notebook)), re.S)):
        sys.exit(f"FAIL  {name}: a name became part of the page: {seen.planted[:1]}")
    exporter = HTMLExporter(exclude_input=True)
    Path(page).write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
    print(f"ok    {name}: {len(seen.pictures)} pictures, {len(seen.said().split())} words")


if __name__ == "__main__":
    main()
