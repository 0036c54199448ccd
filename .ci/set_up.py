"""Make .venv hold exactly what the locks say, quickly when it already does; heal one that is broken.

Usage: python3 .ci/set_up.py runtime|test|browser

Needs nothing but Python: it runs before anything is installed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"
LOCKS = {"runtime": ["build", "runtime"], "test": ["build", "test"]}
COVERS = {"runtime": ["runtime"], "test": ["runtime", "test"]}
OLDEST, NEWEST = (3, 11), (3, 13)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_ROOT_USER_ACTION": "ignore"}

PROBE = """
import importlib.metadata, json, pathlib, sys
import pip
pins = json.loads(sys.argv[1])
have = {d.metadata["Name"].lower().replace("_", "-").replace(".", "-"): d.version for d in importlib.metadata.distributions()}
sys.exit(any(have.get(name) != version for name, version in pins.items()) or "claims-service" not in have)
"""


class SetUpError(Exception):
    """One line that says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def suitable_python() -> str:
    """A Python this service runs on: the one running this, else a newer or older one on the path."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    running = ".".join(map(str, sys.version_info[:2]))
    raise SetUpError(f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed and this is {running}: install one of them.")


def pins(what: str) -> dict[str, str]:
    """Package -> version that must be there on every machine; lines for some platforms only are left to pip."""
    found = {}
    for lock in LOCKS[what]:
        for line in (ROOT / "requirements" / f"{lock}.lock").read_text().splitlines():
            name, sep, version = line.removesuffix(" \\").partition("==")
            if sep and not line.startswith((" ", "#")) and ";" not in line:
                found[name] = version
    return found


def wanted(what: str) -> str:
    """What a finished set-up looks like: the locks, the package's own description, and the place."""
    digest = hashlib.sha256(str(ROOT).encode())
    for file in [*(f"requirements/{lock}.lock" for lock in LOCKS[what]), "pyproject.toml", ".ci/set_up.py"]:
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def stamp(what: str) -> Path:
    return VENV / f".installed-{what}"


def runs(code: str, *arguments: str) -> bool:
    """Whether .venv's Python is there, starts, and is content with the code."""
    try:
        return subprocess.run([PYTHON, "-c", code, *arguments], capture_output=True).returncode == 0
    except OSError:
        return False


def is_ready(what: str) -> bool:
    if UNFINISHED.exists() or not stamp(what).exists() or stamp(what).read_text() != wanted(what):
        return False
    if not (VENV / "bin" / "claims").exists():
        return False
    return runs(PROBE, json.dumps(pins(what)))


def usable_venv() -> bool:
    """Whether .venv runs, was made here, and no installation was cut short in it."""
    place = VENV / ".made-in"
    if UNFINISHED.exists() or (place.exists() and place.read_text() != str(ROOT)):
        return False
    return runs(f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})")


def make_venv() -> None:
    if usable_venv():
        return
    if VENV.exists():
        say("set-up: .venv is broken or unfinished, making it anew")
        shutil.rmtree(VENV)
    python = suitable_python()
    say(f"set-up: making .venv with {python}")
    made = subprocess.run([python, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode and apt_install("python3-venv"):
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([python, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetUpError(f"{(made.stdout + made.stderr).strip()}\nOn Debian and Ubuntu: apt-get install python3-venv")


def pip(arguments: list[str], expected: int = 0) -> None:
    """Run pip, telling how far it is; what it printed is shown only when it fails."""
    command = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", *arguments]
    heard: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=QUIET,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as running:
        assert running.stdout is not None
        for message in progress(running.stdout, heard, expected):
            say(message)
    if running.returncode:
        raise SetUpError(
            "".join(heard[-30:]) + "set-up: pip could not install; the lines above say why. Then run make again."
        )


def progress(lines: Iterator[str], heard: list[str], expected: int) -> Iterator[str]:
    collected = 0
    for line in lines:
        heard.append(line)
        if line.startswith("Collecting "):
            collected += 1
            if expected and collected % 10 == 0:
                yield f"set-up:   {collected} of about {expected} packages fetched"
        elif line.startswith("Installing collected packages") and expected:
            yield "set-up:   unpacking"


def install(what: str) -> None:
    if is_ready(what):
        return
    make_venv()
    UNFINISHED.touch()
    (VENV / ".made-in").write_text(str(ROOT))
    count = len(pins(what))
    say(f"set-up: installing {count} locked packages for {what} (the first time takes a minute or two)")
    locks = [word for lock in LOCKS[what] for word in ("-r", f"requirements/{lock}.lock")]
    pip(["--require-hashes", *locks], expected=count)
    pip(["--no-deps", "--no-build-isolation", "-e", "."])
    for covered in COVERS[what]:
        stamp(covered).write_text(wanted(covered))
    UNFINISHED.unlink()
    say("set-up: ready")


def apt_install(package: str) -> bool:
    """Install a Debian package where that is possible without asking anyone."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"set-up: installing {package} with apt-get")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "-y", "--no-install-recommends", "install", package],
    ):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode == 0


def browser() -> None:
    """Have a Chromium for the browser tests, or say in one line what is missing; never fail for it."""
    if any(shutil.which(name) for name in CHROMIUM) or apt_install("chromium"):
        return
    say("set-up: no Chromium found, browser tests are left out; to run them: apt-get install chromium")


def hledger() -> None:
    """Have the judge of the journal's export, or say in one line what is missing; never fail for it."""
    if not shutil.which("hledger") and not apt_install("hledger"):
        say("set-up: no hledger found, its tests are skipped; to run them: apt-get install hledger")


def main() -> int:
    tools = {"browser": browser, "hledger": hledger}
    try:
        for what in sys.argv[1:] or ["runtime"]:
            tools[what]() if what in tools else install(what)
    except SetUpError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("set-up: stopped; make starts it afresh", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
