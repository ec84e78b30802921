"""Carries requests to applications that answer in TwiML; `ivr.live.reaching` says which are asked at all."""

import http.client
import io
import re
from collections.abc import Callable, Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE
from ivr.custom.twiml.asking import AppRequest, Fetched
from ivr.live.aside import PATIENCE_S, Background, Patience
from ivr.live.reaching import Answer, NotReached, reach, shown, why_not
from ivr.secrecy import MASK

_MOST_TEXT, _MOST_SOUND = 65_536, 20_000_000
_LONGEST_S, _MOST_CHANNELS = 900, 8
_RETRIEVAL, _NO_SOUND = 11200, 12300
_HEADERS = {"Accept": "*/*", "Connection": "close", "User-Agent": "ivr"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


class WaitingForDocuments:
    """Asks, and waits for the answer: the clock of the simulation stands still meanwhile."""

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S) -> None:
        self._patience = Patience(hosts, patience_s=patience_s)

    def fetch(self, fetch: AppRequest) -> Fetched:
        """Return what came.

        Raises
        ------
        AppTooSlow
            If nothing has come in time.
        """
        return self._patience.waited(lambda: _fetched(fetch, self._patience),
                                     f"{_unkeyed(shown(fetch.url))} has not answered")

    def fetched(self) -> Iterator[Fetched]:
        """Have nothing: who asks has waited."""
        return iter(())


class AskingForDocuments:
    """Asks in threads of its own, and hands the answers over as they come: for calls that go on meanwhile.

    Parameters
    ----------
    prepare : callable
        Told what came, before it is handed over: what is said in it can be spoken by then.
    """

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S,
                 prepare: Callable[[Fetched], None] = lambda _: None) -> None:
        self._patience, self._aside = Patience(hosts, patience_s=patience_s), Background[Fetched](prepare)

    def fetch(self, fetch: AppRequest) -> None:
        """Ask; the answer comes later."""
        self._aside.do(lambda: _fetched(fetch, self._patience), self._patience.seconds,
                       Fetched(fetch.number, fetch.url, failure=self._patience.failure, code=_RETRIEVAL))

    def fetched(self) -> Iterator[Fetched]:
        """Hand over what has come since the last time."""
        return self._aside.come()


def _unkeyed(url: str) -> str:
    """Return an address without what a caller may have keyed: it may be in the path."""
    *host, path = url.split("/", 3)
    return "/".join([*host, re.sub("[0-9]{3,}", MASK, path)]) if len(host) == 3 else url


def _fetched(fetch: AppRequest, patience: Patience) -> Fetched:
    def failed(why: str, code: int = _RETRIEVAL) -> Fetched:
        return Fetched(fetch.number, fetch.url, failure=why, code=code)

    try:
        answer = reach(fetch.address, patience.hosts, method=fetch.method, body=fetch.form.encode(),
                       headers={**_HEADERS, **(_FORM if fetch.method == "POST" else {}), **fetch.headers},
                       most=_MOST_SOUND if fetch.what == "recording" else _MOST_TEXT,
                       patience_s=patience.sockets_s)
        samples = _heard(answer) if answer.kind.startswith("audio/") else None
    except _NoSound as error:
        return failed(str(error), _NO_SOUND)
    except NotReached as error:
        return failed(str(error))
    except (OSError, ValueError, http.client.HTTPException) as error:
        return failed(why_not(error))
    # the parameters of a GET are no part of what its document is relative to
    url = fetch.url if answer.url == fetch.address else answer.url
    return Fetched(fetch.number, url, answer.kind, answer.body if samples is None else b"", samples, answer.cookies)


class _NoSound(Exception):
    """What came cannot be heard."""


def _heard(answer: Answer) -> NDArray[np.int16]:
    """Return a recording as the line carries it. int16 array [shape=(n,)]."""
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(io.BytesIO(answer.body)) as source:
            if not 0 < source.frames <= _LONGEST_S * source.samplerate or source.channels > _MOST_CHANNELS:
                raise _NoSound(f"what is to be played is longer than {_LONGEST_S} s, or empty")
            whole = source.read(dtype="float64", always_2d=True).mean(axis=1)
            brought = soxr.resample(whole, source.samplerate, RATE, quality="HQ")
    except (soundfile.LibsndfileError, ValueError, RuntimeError):
        raise _NoSound(f"what is to be played is no recording that can be read, though it is {answer.kind!r}"
                       ) from None
    heard: NDArray[np.int16] = np.clip(np.rint(np.nan_to_num(brought) * 32768), -32768, 32767).astype(np.int16)
    return heard
