"""The object store: a local folder, or a bucket by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from api.config import Settings
from models.errors import ExternalError, NotFound

#: A store that does not answer is given up after this long; the recording waits in the spool.
_TIMEOUT = "20s"


class Objects:
    """Bytes by name. Every method blocks.

    Raises:
        ExternalError: retryable; the store cannot be used now.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, name: str, pieces: Iterator[bytes]) -> None:
        """Keeps an object; one of the same name is replaced, whole or not at all."""
        with _asked():
            obstore.put(self._store, name, pieces)

    def part(self, name: str, start: int, length: int) -> bytes:
        """Some bytes of an object. Raises NotFound."""
        with _asked():
            return bytes(obstore.get_range(self._store, name, start=start, length=length))

    def delete(self, name: str) -> None:
        """Deletes an object; one that is gone already is no error."""
        try:
            with _asked():
                obstore.delete(self._store, name)
        except NotFound:
            return

    def has(self, name: str) -> bool:
        """Whether an object is there."""
        try:
            with _asked():
                obstore.head(self._store, name)
        except NotFound:
            return False
        return True

    def names(self, prefix: str = "") -> list[str]:
        """All objects' names, sorted."""
        with _asked():
            found = obstore.list(self._store, prefix or None)
            return sorted(one["path"] for batch in found for one in batch)


def open_objects(settings: Settings) -> Objects:
    """The installation's store: `INTAKE_OBJECTS_URL`, or a folder below `INTAKE_DATA`.

    Raises:
        ExternalError: the URL cannot be used.
    """
    if not settings.objects_url:
        return Objects(LocalStore(settings.data_dir / "objects", mkdir=True))
    keys = {
        "endpoint": settings.objects_endpoint,
        "region": settings.objects_region,
        "access_key_id": settings.objects_key_id,
        "secret_access_key": settings.objects_secret.get_secret_value(),
    }
    config: Any = {name: value for name, value in keys.items() if value}
    plain = settings.objects_endpoint.startswith("http://")
    try:
        store = from_url(
            settings.objects_url,
            config=config if settings.objects_url.startswith("s3") else None,
            client_options={"timeout": _TIMEOUT, "allow_http": plain},
        )
    except (BaseError, ValueError) as error:
        raise ExternalError(
            "The object store cannot be opened; check INTAKE_OBJECTS_URL and those beside it."
        ) from error
    return Objects(store)


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise NotFound("There is no such object.") from error
    except (BaseError, OSError) as error:
        raise ExternalError(
            "The object store cannot be used now; check that it runs, its address and its keys.",
            retryable=True,
        ) from error
