"""From a receiver's settings to its folders; secrets are files of one folder, read when they are needed."""

import contextlib
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claims_service.config import Config
from claims_service.domain.receiver import FOLDER, SFTP, Receiver
from claims_service.gateways.folder import Folder
from claims_service.gateways.place import OpenPlace, Place, Refused

if TYPE_CHECKING:
    import paramiko

    from claims_service.gateways.sftp import SignIn

Opener = Callable[[Receiver], OpenPlace]


def opener(config: Config) -> Opener:
    """What opens the place of a receiver: `with opener(config)(receiver) as place`. Raises PlaceError when it can't."""

    @contextlib.contextmanager
    def opened(receiver: Receiver) -> Iterator[Place]:
        if receiver.route == FOLDER:
            with Folder(receiver) as folder:
                yield folder
        elif receiver.route == SFTP:
            from claims_service.gateways.sftp import Sftp

            with Sftp(receiver, _sign_in(config, receiver)) as sftp:
                yield sftp
        else:
            raise Refused(f"{receiver.name} fetches its files itself.")

    return opened


def _sign_in(config: Config, receiver: Receiver) -> "SignIn":
    from claims_service.gateways.sftp import SignIn

    return SignIn(
        password=_secret(config, receiver.password).read_text("utf-8").strip() if receiver.password else "",
        private_key=_private_key(_secret(config, receiver.private_key)) if receiver.private_key else None,
        inside=config.mode != "production",
    )


def _secret(config: Config, name: str) -> Path:
    """The file of a secret, which only the service's own user may read."""
    file = config.receiver_secrets / name
    if not file.is_file():
        raise Refused(f"The secret {name} is missing: put it into a file of that name in CLAIMS_RECEIVER_SECRETS.")
    if file.stat().st_mode & stat.S_IRWXO:
        raise Refused(f"The secret {name} can be read or written by every user of this machine: run chmod 600 on it.")
    return file


def _private_key(file: Path) -> "paramiko.PKey":
    import paramiko

    try:
        return paramiko.PKey.from_path(file)
    except (OSError, ValueError, paramiko.SSHException, paramiko.pkey.UnknownKeyType):
        raise Refused(f"The secret {file.name} is no private key, or it is locked with a passphrase.") from None
