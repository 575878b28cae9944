"""A real IMAP server (Debian's dovecot-imapd) on a folder of its own."""

from __future__ import annotations

import getpass
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imapclient import IMAPClient

from tests.workers import until

USER, PASSWORD = "desk", "pass"
DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/bin")


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The server's port while it runs."""
    port = _free_port()
    folder.mkdir(mode=0o755)
    me = getpass.getuser()
    (folder / "mail").mkdir()
    owner = _owner()
    shutil.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    config = folder / "dovecot.conf"
    config.write_text(
        f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
default_login_user = {_login(me)}
default_internal_user = {_internal(me)}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/mail
}}
"""
    )
    assert DOVECOT is not None
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(config)])
    try:
        until(lambda: _answers(port))
        yield port
    finally:
        server.terminate()
        server.wait()


def deliver(port: int, *mails: bytes) -> None:
    """Puts mails into the inbox."""
    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login(USER, PASSWORD)
    for raw in mails:
        client.append("INBOX", raw)
    client.logout()


def _owner() -> pwd.struct_passwd:
    """Whose mail it is: Dovecot serves none as root."""
    me = getpass.getuser()
    return pwd.getpwnam("nobody" if me == "root" else me)


def _login(me: str) -> str:
    return "dovenull" if me == "root" else me


def _internal(me: str) -> str:
    return "dovecot" if me == "root" else me


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port)) as line:
            return line.recv(4) == b"* OK"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
