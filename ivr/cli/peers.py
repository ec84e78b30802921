"""With whom `ivr serve` speaks: who may call, for whom others speak, where it registers, to whom it hands over."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from ivr.cli.addresses import address
from ivr.cli.dialling import account_of, reached
from ivr.cli.faults import UsageError
from ivr.cli.private import private_text
from ivr.lines.sip.admitting import Admission
from ivr.lines.sip.authenticating import Doorman, Users, users_of
from ivr.lines.sip.callers import Trusts, trusted
from ivr.lines.sip.enrolling import Enrolment
from ivr.lines.sip.sockets import Secured
from ivr.lines.sip.targets import ANYBODY, NUMBER, Listed, Targets
from ivr.scenario.target import BadTarget, Target, target

_USUAL_TLS = 5061


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """What `ivr serve` was told of those it speaks with.

    Attributes
    ----------
    is_open : bool
        Whether anybody may call who reaches the address.
    users : Path, optional
        The file of those who may.
    trust : list of str
        Networks whose hosts speak for their callers.
    tls, certificate, key : str, Path, Path
        HOST:PORT, and what shows who we are.
    authorities : Path, optional
        As of `Network`.
    register, login, password_file : str, str, Path
        Where we are rung, and by which name and password.
    transfer_to : list of str
        To whom calls may be handed over.
    """

    is_open: bool = False
    users: Path | None = None
    trust: list[str] = field(default_factory=list)
    tls: str = ""
    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None
    register: str = ""
    login: str = ""
    password_file: Path | None = None
    transfer_to: list[str] = field(default_factory=list)

    @property
    def admit(self) -> bool:
        """Whether it is said who may call from elsewhere."""
        return self.is_open or self.users is not None or bool(self.trust) or bool(self.register)

    @property
    def files(self) -> dict[str, Path | None]:
        """Those that are read, by their options."""
        return {"--users": self.users, "--sip-cert": self.certificate, "--sip-key": self.key,
                "--sip-ca": self.authorities, "--password-file": self.password_file}

    def secured(self) -> Secured | None:
        """Return where to listen for TLS.

        Raises
        ------
        UsageError
            If it cannot be meant.
        """
        if not self.tls:
            if self.certificate or self.key:
                raise UsageError("--sip-cert and --sip-key are for --sip-tls HOST:PORT: say where to listen")
            return None
        if self.certificate is None or self.key is None:
            raise UsageError(f"--sip-tls {self.tls} needs --sip-cert FILE and --sip-key FILE: TLS shows who we are")
        host, port = address(self.tls, is_open=self.admit, option="--sip-tls", usual=_USUAL_TLS)
        return Secured(host, port, self.certificate, self.key)

    def enrolment(self, sip: str) -> Enrolment | None:
        """Return where we are to be rung.

        Raises
        ------
        UsageError
            If it cannot be meant.
        NetworkError
            If it is not known where that is.
        """
        if not self.register:
            if self.login or self.password_file:
                raise UsageError("--auth and --password-file are for --register: say where, as sip:USER@HOST")
            return None
        where = _target("--register", self.register)
        if not where.user:
            raise UsageError(f"--register {self.register} names nobody: write sip:USER@HOST")
        login = self.login or (where.user if self.password_file or "IVR_SIP_PASSWORD" in os.environ else "")
        account = account_of(f"{where.user}@{where.host}", login, self.password_file)
        domain = where.uri().partition("@")[2].partition(";")[0]
        return Enrolment(where.user, domain, reached(where, sip), account)

    def trusts(self, enrolment: Enrolment | None) -> Trusts:
        """Return who speaks for callers: our registrar does too.

        Raises
        ------
        BadNetwork
            If one is none.
        """
        return trusted([*self.trust, *([enrolment.to.host] if enrolment else [])])

    def doorman(self, trusts: Trusts) -> Admission:
        """Return who says who may call.

        Raises
        ------
        UsageError
            If the file of users cannot be used.
        """
        asks = None if self.users is None else Doorman(_users(self.users), lambda: token_hex(16))
        return Admission(trusts, asks, is_open=self.is_open)

    def targets(self, sip: str) -> Targets:
        """Return to whom calls may be handed over.

        Raises
        ------
        UsageError
            If one is nobody.
        NetworkError
            If it is not known where one is.
        """
        return Targets([_listed(text, sip) for text in self.transfer_to])


def _listed(text: str, sip: str) -> Listed:
    if NUMBER.fullmatch(text):
        return Listed(text)
    where = _target("--transfer-to", text)
    if not where.user:
        raise UsageError(f"--transfer-to {text} names nobody: write a number, sip:USER@HOST, or sip:{ANYBODY}@HOST "
                         "for all who are there")
    to = reached(where, sip)
    return Listed(where.user, where.host, where.port, to)


def _target(option: str, text: str) -> Target:
    try:
        return target(text)
    except BadTarget as error:
        raise UsageError(f"{option}: {error}") from None


def _users(path: Path) -> Users:
    return users_of(private_text(path, "and what is in it is as good as the passwords"), str(path))
