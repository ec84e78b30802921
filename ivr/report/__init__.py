"""What a run leaves behind to look at and listen to: one HTML page that opens without a network."""

from ivr.report.model import BadTrack, Missed, ReportError, Story, Track
from ivr.report.page import CannotWrite, write_page

__all__ = ["BadTrack", "CannotWrite", "Missed", "ReportError", "Story", "Track", "write_page"]
