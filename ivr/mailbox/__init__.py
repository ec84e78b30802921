"""Outlook Voice Access: a mailbox to dial into, and to leave messages in (F1 to F4)."""
