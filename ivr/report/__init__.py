"""What a run leaves behind to look at and listen to: one HTML page that opens without a network."""

from ivr.report.model import BadTrack, Missed, ReportError, Story, Track
from ivr.report.page import render, write_page

__all__ = ["BadTrack", "Missed", "ReportError", "Story", "Track", "render", "write_page"]
