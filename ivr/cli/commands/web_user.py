"""`ivr web-user`, as it is typed."""


def web_user(name: str, /) -> int:
    """Print the line of a user for 'ivr serve --web-users FILE': asks for the password, and keeps a hash of it.

    Where nobody sits at a terminal, the password is the next line of the input. The file is to be one that nobody
    else can read: say 'umask 077' before, or chmod it.

    Example: ivr web-user amos >> users

    Parameters
    ----------
    name
        Letters, digits and ._@-, up to 64.
    """
    from ivr.cli.desk.typed_pin import secret
    from ivr.web.users import user_line

    print(user_line(name, secret("Password: ", "a password")))
    return 0
