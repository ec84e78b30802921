"""Reports: what one says the other reads; how much was lost, how unevenly it came, how long the way is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rtp import sent, take

from ivr.lines.sip.rtp.control import Block, Report, Sender, read, written
from ivr.lines.sip.rtp.packets import packet
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.reporting import Reporting
from ivr.lines.sip.rtp.sending import RtpSender

WORD = st.integers(0, 2**32 - 1)
BLOCK = st.builds(Block, WORD, st.integers(0, 255), st.integers(-2**23, 2**23 - 1), WORD, WORD, WORD, WORD)
BLOCKS = st.lists(BLOCK, max_size=3).map(tuple)
SENDERS = st.none() | st.builds(Sender, st.integers(0, 2**48 - 1), WORD, WORD, WORD)


@given(WORD, SENDERS, BLOCKS, st.lists(WORD, max_size=3).map(tuple))
def test_a_report_then_read_as_it_was_said(source, sender, blocks, gone):
    said = Report(source, sender, blocks, gone)
    assert read(written(said, "0123456789abcdef")) == said


@given(st.binary(max_size=200), st.integers(0, 30))
def test_garbage_then_no_report_or_one_of_fitting_numbers(data, kind):
    for one in (data, b"\x81" + bytes([200 + kind % 6]) + data):
        report = read(one)
        assert report is None or 0 <= report.source < 2**32


@pytest.mark.parametrize("data", [b"", b"\x80\xc9\x00\x01", b"\x81\xc9\x00\x01" + bytes(4), b"\x80\xcb\x00\x00" * 2,
                                  b"\x80\xc8\x00\x01" + bytes(4), b"\x40\xc9\x00\x01" + bytes(4),
                                  b"\x80\xc9\x00\x01" + bytes(4) + b"\x80\xca\x00\xff"])
def test_what_does_not_fit_then_none(data):
    assert read(data) is None


class Side:
    """One side of a call."""

    def __init__(self, seed):
        drawn = np.random.default_rng(seed)
        draw = lambda: int(drawn.integers(2**32))  # noqa: E731
        self.sending, self.receiving, self.reporting = RtpSender(draw), Receiving(), Reporting(draw)
        self.sending.begin(0, 0, 0, 101)
        self.receiving.begin(0, 0, 0, 101)
        self.reporting.begin(0, 0)

    def packets(self):
        return sent(self.sending.packets(np.zeros((1, 160), np.int16)))

    def report(self, at, **more):
        return self.reporting.report(0, self.receiving.calls[0], self.sending.calls[0], at, **more)

    def hears(self, data, at):
        return self.reporting.take(0, data, int(self.sending.calls["source"][0]), at)

    def figures(self):
        return self.reporting.figures(0, self.receiving.calls[0])


def test_two_sides_then_each_learns_the_way_there_and_back_and_what_was_lost():
    one, other = Side(1), Side(2)
    for tick in range(400):
        for side, there in ((one, other), (other, one)):
            lost = side is one and tick % 10 == 5
            take(there.receiving, [] if lost else side.packets(), at=160 * tick + 100 * (tick % 2))
            if lost:
                side.packets()
    now = 400 * 160
    assert other.hears(one.report(now), now + 400)
    assert one.hears(other.report(now + 900), now + 1700)
    assert one.figures().round_trip_ms == pytest.approx((1700 - 500) / 8, abs=0.1)
    assert one.figures().lost_there == pytest.approx(0.1, abs=0.01)
    assert (other.figures().packets, other.figures().lost) == (360, 40)
    assert other.figures().jitter_ms == pytest.approx(12, abs=2)
    assert other.figures().round_trip_ms is None
    last = read(one.report(now, gone=True))
    assert last.gone == (last.source,)
    assert last.sender.packets == 400


def test_what_is_lost_between_two_reports_then_only_that_is_told_and_numbers_wrap():
    one, other = Side(1), Side(2)
    one.sending.calls["number"][0] = 65_500
    told = []
    for tick in range(300):
        packets = one.packets()
        take(other.receiving, [] if 100 <= tick < 150 else packets, at=160 * tick)
        if tick % 100 == 99:
            told.append(read(other.report(160 * tick)).blocks[0])
    assert [(block.fraction, block.lost) for block in told] == [(0, 0), (128, 50), (0, 50)]
    assert told[-1].highest == 65_500 + 300


def test_another_sender_in_the_call_then_what_was_lost_before_is_kept():
    receiving, reporting = Receiving(), Reporting(lambda: 7)
    receiving.begin(0, 0, 0, None)
    reporting.begin(0, 0)
    for source, numbers in ((1, (1, 2, 5)), (2, (40_000, 40_001)), (2, (100, 101, 103))):
        take(receiving, [(0, packet(0, n, 160 * n, source, bytes(160))) for n in numbers])
    figures = reporting.figures(0, receiving.calls[0])
    assert (figures.packets, figures.lost) == (8, 3)


def test_reports_then_due_every_few_seconds_and_none_of_who_is_gone():
    drawn = np.random.default_rng(4)
    reporting, due = Reporting(lambda: int(drawn.integers(2**32))), []
    reporting.begin(0, 0)
    reporting.begin(3, 0)
    for now in range(0, 60 * 8000, 160):
        due += [(row, now) for row in reporting.due(now)]
        if now == 30 * 8000:
            reporting.end(3)
    moments = [now for row, now in due if row == 0]
    assert 8 <= len(moments) <= 20
    assert all(2.5 * 8000 <= gap <= 7.6 * 8000 for gap in np.diff(moments))
    assert all(now <= 30 * 8000 for row, now in due if row == 3)
