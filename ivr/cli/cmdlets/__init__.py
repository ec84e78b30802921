"""The imitated products' own commands, taken word by word: `ivr Set-UMMailboxPIN -Identity ...`."""
