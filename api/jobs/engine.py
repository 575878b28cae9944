"""DBOS, embedded: keeps how far each workflow is, in a database beside the store's.

Every process has an executor id of its own, so that none takes what another one runs. The
version is pinned, so that an update strands no reminder of three days.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._error import DBOSNonExistentWorkflowError
from sqlalchemy.engine import make_url

from api.jobs.pace import Pace
from api.jobs.schedule import Job
from api.jobs.workflows import WAKE_TOPIC, Workflow, Workflows
from models.repositories.outbox import Effect

#: Grows when workflows of the former version cannot go on in this program: let them end first.
VERSION = "1"
_NAME = "voice-intake"
_QUEUE = "outbox"
_THREADS = 16
#: Failed work is looked for this far back: as long as all workers may stand still unnoticed.
_LATELY = timedelta(days=7)


class Engine:
    """The workflows of one process. There is one at a time, since DBOS is one.

    Args:
        url: the store's own SQLAlchemy URL.
        executor: names this process, and no other one ever.
    """

    def __init__(
        self, url: str, executor: str, work: Workflows, jobs: Sequence[Job], pace: Pace
    ) -> None:
        self._pace = pace
        self._jobs = jobs
        config: DBOSConfig = {
            "name": _NAME,
            "system_database_url": system_url(url),
            "executor_id": executor,
            "application_version": VERSION,
            "max_executor_threads": _THREADS,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": pace.queue,
        }
        DBOS(config=config)
        kinds = work.by_kind().items()
        self._workflows = {kind: _registered(kind, run) for kind, run in kinds}
        self._scheduled = {job.name: _scheduled(job) for job in jobs}

    def launch(self) -> None:
        """Begins to run workflows. Blocks; not to be called on an event loop."""
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE, polling_interval_sec=self._pace.queue, on_conflict="always_update"
        )
        # What is scheduled no more, such as a mailbox that was taken out, would be queued for ever.
        known = {job.name for job in self._jobs}
        for schedule in DBOS.list_schedules():
            if schedule["schedule_name"] not in known:
                DBOS.delete_schedule(schedule["schedule_name"])
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": job.name,
                    "workflow_fn": self._scheduled[job.name],
                    "schedule": job.cron,
                    "context": None,
                }
                for job in self._jobs
            ]
        )

    def stop(self) -> None:
        """Ends; what is under way goes on in another process."""
        DBOS.destroy(destroy_registry=True)

    def knows(self, kind: str) -> bool:
        """Whether there is a workflow for rows of this kind."""
        return kind in self._workflows

    def start(self, effect: Effect) -> None:
        """Has some worker run the row's workflow. Starting it again changes nothing."""
        with SetWorkflowID(workflow_id(effect.key)):
            DBOS.enqueue_workflow(_QUEUE, self._workflows[effect.kind], effect.id)

    def wake(self, effect: Effect, cause: str) -> None:
        """Has the row's workflow look again, once for each cause."""
        target = workflow_id(effect.key)
        try:
            DBOS.send(target, cause, WAKE_TOPIC, idempotency_key=f"{cause}:{target}")
        except DBOSNonExistentWorkflowError:
            return  # not begun yet: it looks when it begins

    def adopt(self, executors: Sequence[str]) -> None:
        """Puts what dead processes left back into the queue. Doing it twice changes nothing."""
        DBOS._recover_pending_workflows(list(executors))

    def failed(self) -> list[tuple[int, str]]:
        """Outbox rows whose workflows ended by an error lately, and what it was.

        DBOS notes ends by the machine's clock, so that clock is asked, and not the desk's.
        """
        found = DBOS.list_workflows(
            status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_after=(datetime.now(UTC) - _LATELY).isoformat(),
            name=list(self._workflows),
        )
        return [(_row_of(status.input), type(status.error).__name__) for status in found]


def workflow_id(key: str) -> str:
    """A row's workflow: its key, hidden, since keys hold telephone numbers and ids are logged."""
    return sha256(key.encode()).hexdigest()[:32]


def system_url(url: str) -> str:
    """Where DBOS keeps its tables: in the same PostgreSQL, or in a file beside SQLite's."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        postgres = parsed.set(drivername="postgresql+psycopg")
        return postgres.render_as_string(hide_password=False)
    file = Path(str(parsed.database))
    return f"sqlite:///{file.with_name(f'{file.stem}-workflows.db')}"


def _row_of(given: Any) -> int:
    return int(given["args"][0])


def _registered(kind: str, run: Workflow) -> Workflow:
    async def workflow(row_id: int) -> str:
        return await run(row_id)

    return DBOS.workflow(name=kind)(workflow)


def _scheduled(job: Job) -> Callable[[datetime, Any], Coroutine[Any, Any, None]]:
    async def scheduled(_at: datetime, _context: Any) -> None:
        await DBOS.run_step_async({"name": job.name}, job.run)

    return DBOS.workflow(name=f"scheduled.{job.name}")(scheduled)
