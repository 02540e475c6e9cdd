"""Look at what was published: each family's rules and the network they are judged on."""

from __future__ import annotations

from collections.abc import Iterator

from kpialign.conflicts import Network
from kpialign.definitions.conflicts import Conflict
from kpialign.errors import UsageError
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library
from kpialign.pipeline import describing, detecting, excepting, modelling
from kpialign.settings import Settings
from kpialign.store.database import open_database
from kpialign.store.publish import no_run


def demand_database(settings: Settings) -> None:
    """Stop where nothing was ever published.

    Raises:
        UsageError: there is no database.
    """
    if not settings.database.is_file():
        raise UsageError(
            f"{settings.database}: there is no such database. Run `kpialign check` first, or name "
            "one with --database."
        )


def networks(settings: Settings) -> Iterator[tuple[Library, list[Conflict], Network]]:
    """Give every family that has months of its own; nothing is read, published or entered.

    Raises:
        UsageError: there is no database.
        DefinitionError: definitions or workspace facts are wrong.
        DatabaseBusy: another run holds the database.
    """
    demand_database(settings)
    library = excepting.library_of(settings)
    workspace = read_workspace(settings.workspace)
    with open_database(settings.database) as connection:
        everything = settings.audience == "internal"
        modelling.know(
            connection, library, workspace, boundaries=settings.boundaries, everything=everything
        )
        no_run(connection)
        modelling.build_core(connection)
        names = describing.organisation_names(connection)
        spans = detecting.windows(connection, library)
        for family, rules in detecting.families(library).items():
            span = spans[family]
            if span is not None:
                wanted = detecting.indicators_of(rules)
                yield library, rules, detecting.network(connection, library, span, wanted, names)
