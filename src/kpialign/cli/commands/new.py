"""``kpialign new``: drafts of definitions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpialign.errors import UsageError

if TYPE_CHECKING:
    from kpialign.extracts.document import File


@click.group("new")
def command() -> None:
    """Begin a definition of your own.

    \b
    kpialign new layout extracts/beds.xlsx --published --role hospital
    kpialign new workspace qrl/
    """


@command.command("layout")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", type=click.Path(path_type=Path), default=Path(), show_default=True,
              help="Folder whose definitions/ the draft goes to.")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path),
              help="The layout's file, in a folder named layouts; items go beside.")  # fmt: skip
@click.option("--role", help="What the organisations are: hospital, ambulance…")
@click.option(
    "--published/--not-published", default=None, help="Whether the figures are published."
)
@click.option("--reads", metavar="FORM", default="", help="How months are written, as %d/%m/%Y.")
def layout(
    *,
    file: Path,
    workspace: Path,
    output: Path | None,
    role: str | None,
    published: bool | None,
    reads: str,
) -> None:
    """Look at a FILE that no layout recognises and draft one, with its data items.

    What cannot be told by looking is a line that begins with "# ?" in the draft, and is said
    here. Nothing is guessed about the order of day and month, and nothing is overwritten.

    \b
    kpialign new layout beds.csv
    kpialign new layout beds.csv --published --role hospital
    """
    from kpialign.drafting import draft_layout, item_text, layout_text
    from kpialign.drafting.layout import Asked
    from kpialign.extracts.document import fingerprint, read_document
    from kpialign.library import in_force
    from kpialign.settings import Settings

    definitions = Settings(workspace=workspace).definitions
    own = output.parent.parent if output else definitions
    library = in_force(own if own.name == "definitions" else definitions)
    extract = _extract(file)
    document = read_document(extract, fingerprint(extract))
    id_ = _id(output) if output else ""
    draft = draft_layout(document, library, Asked(id_, role, published, reads))
    written = output or definitions / "layouts" / f"{draft.layout['id'].replace('.', '_')}.yaml"
    items = written.parent.parent / "items" / f"{draft.items['area']}.yaml"
    _write({written: layout_text(draft), items: item_text(draft)})
    for question in draft.questions:
        click.echo(f"? {question}", err=True)
    click.echo(written)
    click.echo(items)


@command.command("workspace")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--system", default="", help="Code of the system, region or service in front.")
def workspace(*, folder: Path, system: str) -> None:
    """Make a FOLDER for your own facts and definitions; what is there already stays as it is.

    \b
    kpialign new workspace qrl --system QRL
    """
    from kpialign.drafting.workspace import make_workspace

    for path, made in make_workspace(folder, system):
        if made:
            click.echo(path)
        else:
            click.echo(f"{path}: is there already and stays as it is", err=True)


def _extract(file: Path) -> File:
    """The file, or the one extract in an archive."""
    from kpialign.extracts.archives import files_in
    from kpialign.extracts.document import is_archive

    if not is_archive(file):
        return file
    inside = files_in(file)
    if len(inside) != 1:
        names = ", ".join(one.inside for one in inside) or "none"
        raise UsageError(f"{file.name}: one extract was expected in it ({names}). Unpack it first.")
    return inside[0]


def _id(output: Path) -> str:
    """The id that a file name asks for: definitions are found by it."""
    if output.suffix != ".yaml" or output.parent.name != "layouts":
        raise UsageError(f"--output {output}: layouts are .yaml files in a folder named layouts.")
    word = output.stem
    if not word.replace("_", "").isalnum() or word != word.lower():
        raise UsageError(f"--output {output}: name it in lower-case letters, figures and _.")
    return word


def _write(texts: dict[Path, str]) -> None:
    for path in texts:
        if path.exists():
            raise UsageError(
                f"{path}: is there already, and is not overwritten. Move it away first."
            )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
