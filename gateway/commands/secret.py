"""`gateway secret`: go on with a new secret where the old one is lost."""

import typer

secret_app = typer.Typer(help="The installation's secret.", no_args_is_help=True)


# Typer takes the name from a command that stands alone, unless there is a callback.
@secret_app.callback()
def _group() -> None:
    pass


@secret_app.command()
def adopt() -> None:
    """Go on with the secret of the settings where the old one is lost: what that one sealed stays closed."""
    from gateway.stored import opened_store
    from storage.known_keys import adopt_keys

    with opened_store(adopt_keys):
        print("Adopted. Make new API tokens with `gateway token create`: those from before are good no more.")
