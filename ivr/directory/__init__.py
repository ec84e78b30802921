"""Organizers, meetings, conference IDs and PINs."""
