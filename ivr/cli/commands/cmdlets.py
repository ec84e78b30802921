"""`ivr cmdlets`, as it is typed."""

from ivr.cli.options import Flag


def cmdlets(name: str = "", /, *, markdown: Flag = False) -> int:
    """List the cmdlets that are understood, word by word, and what each is here.

    Example: ivr cmdlets Set-UMMailboxPIN

    Parameters
    ----------
    name
        Only those with this in their name.
    markdown
        Print a table in Markdown.
    """
    from ivr.cli.cmdlets.page import cmdlets as tell

    return tell(name, markdown=markdown)
