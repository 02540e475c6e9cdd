"""``kpialign schema``: what a definition file may hold, for editors."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument("kind")
def command(*, kind: str) -> None:
    """Print the JSON Schema of a kind of definition file, or of the findings of a run.

    KIND is the name of the folder that holds such files, or `findings` for findings.json.

    \b
    kpialign schema measures > measures.schema.json
    kpialign schema findings

    An editor that knows YAML schemas then completes and checks a definition from a first line
    such as `# yaml-language-server: $schema=measures.schema.json`.
    """
    if kind == "findings":
        from kpialign.outputs.run import findings_json

        told = findings_json.schema()
    else:
        from kpialign.library.schemas import schema

        told = schema(kind)
    click.echo(json.dumps(told, indent=1, ensure_ascii=False))
