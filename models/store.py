"""The store: one database, reached by units of work that roll back unless committed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models.errors import ExternalError, RuleError
from models.repositories.audit import Audit
from models.repositories.board import Board
from models.repositories.callbacks import CallBacks
from models.repositories.calls import Calls
from models.repositories.clerk_weeks import ClerkWeeks
from models.repositories.contracts import Contracts
from models.repositories.customers import Customers
from models.repositories.daycounts import DayCounts
from models.repositories.duties import Duties
from models.repositories.faxes import Faxes
from models.repositories.figures import FigureBook
from models.repositories.hearings import SecondHearings
from models.repositories.lifespans import Lifespans
from models.repositories.line import Line
from models.repositories.mails import Mails
from models.repositories.onboardings import Exceptions, Onboardings
from models.repositories.orders import Orders
from models.repositories.outbox import Messages, Outbox
from models.repositories.papers import Links, Notices, Signatures, Tasks
from models.repositories.people import People
from models.repositories.privacy import Deletions, Holds, Recordings
from models.repositories.quizzes import Quizzes
from models.repositories.releases import Releases
from models.repositories.signing import LinkEvents, Papers, SignCodes
from models.repositories.staff import ApiTokens, Users
from models.repositories.tallies import Tallies
from models.repositories.texts import Texts
from models.repositories.trainings import Trainings
from models.repositories.waits import Waits
from models.repositories.wordings import Choices, Rehearsals, Wordings
from models.repositories.workers import Workers

#: How long a writer waits for another one, milliseconds.
BUSY_TIMEOUT_MS = 10_000


class Conflict(RuleError):
    """Another unit of work changed the same order meanwhile; do the whole unit again."""

    retryable = True


class UnitOfWork:
    """One transaction and the repositories that take part in it.

    Attributes:
        session: the SQLAlchemy session beneath.
        zone: the desk's time zone; its date gives an order number its day.
        secret: what signing links are derived from, together with a nonce of their own.
    """

    def __init__(self, session: Session, *, zone: ZoneInfo, secret: str, writable: bool) -> None:
        self.session = session
        self.zone = zone
        self.secret = secret
        self._writable = writable

    @cached_property
    def orders(self) -> Orders:
        """Orders, their history and their numbers."""
        return Orders(self.session)

    @cached_property
    def customers(self) -> Customers:
        """Companies that order."""
        return Customers(self.session)

    @cached_property
    def contracts(self) -> Contracts:
        """What customers agreed to."""
        return Contracts(self.session)

    @cached_property
    def onboardings(self) -> Onboardings:
        """Handover forms of new customers."""
        return Onboardings(self.session)

    @cached_property
    def duties(self) -> Duties:
        """Who is given orders."""
        return Duties(self.session)

    @cached_property
    def releases(self) -> Releases:
        """What a release is judged by."""
        return Releases(self.session)

    @cached_property
    def exceptions(self) -> Exceptions:
        """Leaders' exceptions by phone."""
        return Exceptions(self.session)

    @cached_property
    def calls(self) -> Calls:
        """Calls, their turns and events."""
        return Calls(self.session)

    @cached_property
    def outbox(self) -> Outbox:
        """Effects that are to leave the house."""
        return Outbox(self.session)

    @cached_property
    def call_backs(self) -> CallBacks:
        """Who is to be called back, and each ring."""
        return CallBacks(self.session)

    @cached_property
    def workers(self) -> Workers:
        """Processes that run workflows."""
        return Workers(self.session)

    @cached_property
    def messages(self) -> Messages:
        """Text messages and their delivery reports."""
        return Messages(self.session)

    @cached_property
    def links(self) -> Links:
        """Signing links."""
        return Links(self.session)

    @cached_property
    def signatures(self) -> Signatures:
        """Signatures by order version."""
        return Signatures(self.session)

    @cached_property
    def link_events(self) -> LinkEvents:
        """What happened at signing links."""
        return LinkEvents(self.session)

    @cached_property
    def codes(self) -> SignCodes:
        """One-time codes of signing links."""
        return SignCodes(self.session)

    @cached_property
    def papers(self) -> Papers:
        """Signed documents."""
        return Papers(self.session)

    @cached_property
    def notices(self) -> Notices:
        """Notices played to callers."""
        return Notices(self.session)

    @cached_property
    def tasks(self) -> Tasks:
        """Things for a person to do."""
        return Tasks(self.session)

    @cached_property
    def board(self) -> Board:
        """What the desk looks at: queues, filters, search, calls in progress."""
        return Board(self.session)

    @cached_property
    def waits(self) -> Waits:
        """Since when customers wait, and who was told of it."""
        return Waits(self.session)

    @cached_property
    def users(self) -> Users:
        """People with an account."""
        return Users(self.session)

    @cached_property
    def api_tokens(self) -> ApiTokens:
        """Keys of programs."""
        return ApiTokens(self.session)

    @cached_property
    def wordings(self) -> Wordings:
        """What admins have the assistant say."""
        return Wordings(self.session)

    @cached_property
    def texts(self) -> Texts:
        """Notices and lists that the desk words itself."""
        return Texts(self.session)

    @cached_property
    def rehearsals(self) -> Rehearsals:
        """Wordings tried on past calls."""
        return Rehearsals(self.session)

    @cached_property
    def choices(self) -> Choices:
        """What admins chose about the talk."""
        return Choices(self.session)

    def figures(self, *, browser: bool = False) -> FigureBook:
        """The desk's figures; with `browser`, calls from the browser are counted too."""
        return FigureBook(self.session, browser=browser)

    @cached_property
    def line(self) -> Line:
        """What the processes that serve calls know of each other."""
        return Line(self.session)

    @cached_property
    def trainings(self) -> Trainings:
        """Clerks' practice with simulated customers."""
        return Trainings(self.session)

    @cached_property
    def day_counts(self) -> DayCounts:
        """How many orders came in on a day, and how many customers say they sent."""
        return DayCounts(self.session)

    @cached_property
    def faxes(self) -> Faxes:
        """What came in by fax."""
        return Faxes(self.session)

    @cached_property
    def mails(self) -> Mails:
        """What came in by e-mail."""
        return Mails(self.session)

    @cached_property
    def quizzes(self) -> Quizzes:
        """Clerks' answers to the course's questions."""
        return Quizzes(self.session)

    @cached_property
    def clerk_weeks(self) -> ClerkWeeks:
        """What each clerk did in a week."""
        return ClerkWeeks(self.session)

    @cached_property
    def audit(self) -> Audit:
        """Who did or saw what."""
        return Audit(self.session)

    @cached_property
    def recordings(self) -> Recordings:
        """Recordings in the object store."""
        return Recordings(self.session)

    @cached_property
    def holds(self) -> Holds:
        """Legal holds."""
        return Holds(self.session)

    @cached_property
    def tallies(self) -> Tallies:
        """Counts for those who watch."""
        return Tallies(self.session)

    @cached_property
    def people(self) -> People:
        """What is on file about one person or customer."""
        return People(self.session)

    @cached_property
    def lifespans(self) -> Lifespans:
        """What is kept, by when its period began."""
        return Lifespans(self.session)

    @cached_property
    def deletions(self) -> Deletions:
        """What was deleted, and why."""
        return Deletions(self.session)

    @cached_property
    def second_hearings(self) -> SecondHearings:
        """Turns that were heard a second time."""
        return SecondHearings(self.session)

    def local_day(self, at: datetime) -> date:
        """The desk's calendar day at an (aware) instant."""
        return at.astimezone(self.zone).date()

    def commit(self) -> None:
        """Makes everything of this unit durable at once."""
        if not self._writable:
            raise RuntimeError("A unit opened for reading cannot commit.")
        self.session.commit()


class Store:
    """A database by SQLAlchemy URL: SQLite (WAL) or PostgreSQL. Safe for many threads.

    Args:
        url: such as `sqlite:////path/intake.db` or `postgresql://user@host/name`.
        secret: derives the tokens of signing links; the same in every process. A random one
            serves where links are made and opened by this object alone.
        zone: the desk's time zone, Asia/Shanghai unless given.
    """

    def __init__(self, url: str, *, secret: str = "", zone: ZoneInfo | None = None) -> None:
        self.engine = make_engine(url)
        self.zone = zone or ZoneInfo("Asia/Shanghai")
        self.secret = secret or secrets.token_hex(32)

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """A unit of work that may write. It rolls back unless `commit` is called.

        Raises:
            Conflict: another unit changed the same order meanwhile; nothing was kept.
            ExternalError: the database cannot be used.
        """
        with self._session(self.engine) as session:
            yield UnitOfWork(session, zone=self.zone, secret=self.secret, writable=True)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A unit of work for reading only; it never waits for writers on SQLite."""
        engine = self.engine.execution_options(read_only=True)
        with self._session(engine) as session:
            yield UnitOfWork(session, zone=self.zone, secret=self.secret, writable=False)

    def ping(self) -> None:
        """Raises ExternalError when the database cannot be reached."""
        with self.reading() as uow:
            uow.session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        session = Session(engine, expire_on_commit=False)
        try:
            yield session
        except StaleDataError as error:
            raise Conflict("The order was changed meanwhile; please try again.") from error
        except OperationalError as error:
            raise ExternalError(
                "The database cannot be used now: it is locked, unreachable or not yet set up "
                "(`intake db upgrade`).",
                retryable=True,
            ) from error
        finally:
            session.close()


def make_engine(url: str) -> Engine:
    """An engine whose SQLite connections use WAL and begin as writers where they write."""
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if not parsed.database or parsed.database == ":memory:":
        raise RuleError("The store needs a database file; give sqlite:///PATH.")
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=10, max_overflow=20)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, see `_begin_sqlite`
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a confirmed order survives a power cut too
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Takes the write lock at once: two readers that both turn writers would deadlock."""
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
