"""`captable admin`: making the schema of a store on a server, its roles, and bringing a store on to this version."""

from __future__ import annotations

import click

from cli import options
from cli.commands.tokens import token
from cli.session import stands
from cli.wiring import location
from domain.errors import BadInput
from infrastructure import schema, store_url


@click.group(invoke_without_command=True, short_help="Make a store on a server, and upgrade one.")
@click.pass_context
def admin(ctx: click.Context) -> None:
    """What the owner of a store does once: make it on a server, give the program its role, upgrade it to this version.

    \b
    Examples:
      captable admin init postgresql://owner@host/captable --app-role captable_app
      captable admin upgrade --store captable.db
      captable admin token create "Ms Chan" --issuer 00020
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@admin.command(short_help="Make an empty store, and a role for the program.")
@click.argument("place", metavar="PATH-OR-URL")
@click.option("--app-role", metavar="NAME", help="A role that can read and record, but not change or remove entries.")
def init(place: str, app_role: str | None) -> None:
    """Make the schema if there is none, and the role that the program is to have there.

    The role is made without a password: give it one with the server's own tools.

    \b
    Example:
      captable admin init postgresql://owner@host/captable --app-role captable_app
    """
    from infrastructure.opening import open_database

    if app_role and not store_url.is_server(place):
        raise BadInput(["--app-role: a file has no roles; its permissions decide who may write it"])
    database = open_database(place, create=True, writable=True)
    try:
        stands(f"{database.name} is a store of version {database.version}")
        click.echo(f"{database.name} is a store of version {database.version}")
        if app_role:
            from infrastructure.postgresql import grant

            with database.writing() as connection:
                made = grant(connection, app_role)
            click.echo(f"{app_role} {'was made and ' if made else ''}may read and record, but not change or remove entries")
    finally:
        database.close()


@admin.command(short_help="Upgrade a store to this version.")
@options.store
def upgrade(store: str | None) -> None:
    """Bring a store of an earlier version on, in one transaction; entries stay byte for byte.

    \b
    Example:
      captable admin upgrade --store captable.db
    """
    from infrastructure.upgrading import upgraded

    place = location(store, create=False)
    before = upgraded(place)
    said = store_url.parsed(place).name
    stands(f"{said} is a store of version {schema.VERSION}")
    if before == schema.VERSION:
        click.echo(f"{said} is of version {schema.VERSION} already")
    else:
        click.echo(f"{said}: from version {before} to {schema.VERSION}")


admin.add_command(token)
