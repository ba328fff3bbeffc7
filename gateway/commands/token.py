"""`gateway token`: make, list and revoke tokens of the HTTP API. A token is shown once and kept nowhere."""

from typing import Annotated

import typer

token_app = typer.Typer(help="Tokens of the HTTP API: make, list, revoke.", no_args_is_help=True)


@token_app.command()
def create(
    tenant: Annotated[str, typer.Option(help="The tenant whose cases it opens, as the desk's file names it.")],
    name: Annotated[str, typer.Option(help="Whose it is; customers are told this name with a comment.")],
    desk: Annotated[list[str] | None, typer.Option(help="Only this desk; may be repeated. Default: all.")] = None,
    full_numbers: Annotated[bool, typer.Option("--full-numbers", help="Show phone numbers whole.")] = False,
) -> None:
    """Make a token and print it, this once."""
    from gateway.dice import RandomDice
    from gateway.stored import opened_store
    from storage import tokens
    from storage.tokens import Grant, NoTenant

    wanted = Grant(tenant, name.strip(), frozenset(desk or ()), full_numbers)
    if not 1 <= len(wanted.name) <= tokens.NAME_AT_MOST:
        _fail(f"A name has 1 to {tokens.NAME_AT_MOST} characters.")
    with opened_store() as store:
        with store.read() as session:
            known = tokens.known_desks(session, tenant)
        if unknown := sorted(wanted.desks - known):
            _fail(
                f"There is no desk {', '.join(unknown)} of that tenant; there is {', '.join(sorted(known)) or 'none'}."
            )
        token = tokens.new_token(store.keys)
        try:
            store.write(lambda work: tokens.create(work, RandomDice(), token, wanted)).result()
        except NoTenant:
            _fail("There is no such tenant. Desks and their tenants come into the store when `gateway serve` starts.")
    print(token)


@token_app.command("list")
def list_tokens(
    tenant: Annotated[str | None, typer.Option(help="Only this tenant's.")] = None,
) -> None:
    """Print each token's id, tenant, name, desks and times, but for the token itself."""
    from gateway.stored import opened_store
    from storage import tokens

    with opened_store() as store, store.read() as session:
        for line in tokens.listed(session, tenant):
            ended = f"revoked {line.revoked_at:%Y-%m-%d %H:%M}" if line.revoked_at else "good"
            numbers = "full numbers" if line.full_numbers else "masked numbers"
            made = f"{line.created_at:%Y-%m-%d %H:%M}"
            print(line.id, line.tenant, line.desks or "all desks", numbers, f"made {made}", ended, line.name, sep="  ")


@token_app.command()
def revoke(token_id: Annotated[str, typer.Argument(metavar="ID", help="As `gateway token list` shows it.")]) -> None:
    """End a token: within 15 seconds every process refuses it."""
    from gateway.stored import opened_store
    from storage import tokens

    with opened_store() as store:
        if not store.write(lambda work: tokens.revoke(work, token_id)).result():
            _fail("There is no good token of that id.")
    print("Revoked.")


def _fail(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(1)
