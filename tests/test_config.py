"""Settings: good ones are read, bad ones are all named at once, unsafe ones keep a production server from starting."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claims_service.config import Config, ConfigError, UnsafeStart, data_folder

SECRET = "a-secret-of-our-own-with-more-than-32-characters"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("CLAIMS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def safe(**changes: Any) -> Config:
    settings: dict[str, Any] = {
        "mode": "production",
        "secret_key": SECRET,
        "tls_behind_proxy": True,
        "trusted_hosts": ("claims.example.org",),
    }
    return Config(**{**settings, **changes})


def test_without_any_setting_the_service_runs_for_development() -> None:
    config = Config.from_env()

    assert config == Config()
    config.refuse_unsafe()


def test_the_environment_wins_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_PORT", "9000")
    monkeypatch.setenv("CLAIMS_TLS_BEHIND_PROXY", "true")

    config = Config.from_env()

    assert (config.port, config.tls_behind_proxy) == (9000, True)


def test_the_environment_wins_over_the_settings_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLAIMS_PORT", "9000")
    monkeypatch.setenv("CLAIMS_HOST", "")  # so that what the file sets is taken away again afterwards
    monkeypatch.delenv("CLAIMS_HOST")
    (tmp_path / "settings").write_text("CLAIMS_PORT=7000\nCLAIMS_HOST=::1\n")

    config = Config.from_env(tmp_path / "settings")

    assert (config.port, config.host) == (9000, "::1")


def test_every_bad_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_PORT", "eighty")
    monkeypatch.setenv("CLAIMS_MODE", "live")
    monkeypatch.setenv("CLAIMS_DATABASE_URL", "mysql://somewhere/else")
    monkeypatch.setenv("CLAIMS_CLINIC_ZONE", "Springfield")

    with pytest.raises(ConfigError) as refused:
        Config.from_env()

    assert [reason.partition(":")[0] for reason in refused.value.reasons] == [
        "CLAIMS_CLINIC_ZONE",
        "CLAIMS_DATABASE_URL",
        "CLAIMS_MODE",
        "CLAIMS_PORT",
    ]


def test_a_secret_may_come_from_a_mounted_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    monkeypatch.setenv("CLAIMS_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert Config.from_env().secret_key == SECRET


def test_neither_the_secret_nor_the_database_password_shows_in_a_print_of_the_settings() -> None:
    shown = repr(safe(database_url="postgresql://claims:hunter2@db/claims"))

    assert SECRET not in shown
    assert "hunter2" not in shown


@pytest.mark.check(89)
def test_a_safe_production_server_starts() -> None:
    safe().refuse_unsafe()


@pytest.mark.check(89)
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"secret_key": Config().secret_key}, "CLAIMS_SECRET_KEY is the default"),
        ({"secret_key": "short"}, "CLAIMS_SECRET_KEY is shorter"),
        ({"debug": True}, "CLAIMS_DEBUG"),
        ({"tls_behind_proxy": False}, "CLAIMS_TLS_BEHIND_PROXY"),
        ({"trusted_hosts": ()}, "CLAIMS_TRUSTED_HOSTS"),
    ],
)
def test_an_unsafe_production_server_is_refused_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnsafeStart, match=reason) as refused:
        safe(**changes).refuse_unsafe()

    assert len(refused.value.reasons) == 1


@pytest.mark.check(89)
@pytest.mark.parametrize("name", ["claims.db", "claims.db-wal", "key", ".env"])
def test_a_file_that_everyone_can_read_keeps_production_from_starting(name: str, tmp_path: Path) -> None:
    config = safe(database_url=f"sqlite:///{tmp_path}/claims.db", secret_key_file=tmp_path / "key")
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o600)
    config.refuse_unsafe()

    (tmp_path / name).chmod(0o644)

    with pytest.raises(UnsafeStart, match="chmod 600"):
        config.refuse_unsafe()


def stripe(folder: Path, **changes: Any) -> Config:
    """Production with Stripe, set up whole."""
    for name, text in (("stripe_key", "sk_live_quiet"), ("stripe_webhook", "whsec_quiet")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return safe(card_company="stripe", receiver_secrets=folder, site_url="https://billing.example.org", **changes)


@pytest.mark.check(89)
def test_production_with_stripe_set_up_whole_starts(tmp_path: Path) -> None:
    stripe(tmp_path).refuse_unsafe()


@pytest.mark.check(89)
@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("stripe_key", "sk_test_quiet", "test key"),
        ("stripe_key", "rk_test_quiet", "test key"),
        ("stripe_key", "", "stripe_key in CLAIMS_RECEIVER_SECRETS is missing or empty"),
        ("stripe_webhook", " ", "stripe_webhook in CLAIMS_RECEIVER_SECRETS is missing or empty"),
    ],
)
def test_production_does_not_take_cards_with_test_keys_or_without_secrets(
    file: str, text: str, reason: str, tmp_path: Path
) -> None:
    config = stripe(tmp_path)
    (tmp_path / file).write_text(text)

    with pytest.raises(UnsafeStart, match=reason) as refused:
        config.refuse_unsafe()

    assert "quiet" not in f"{refused.value} {config}"


@pytest.mark.check(89)
def test_stripe_needs_an_address_to_come_back_to_and_secrets_that_nobody_else_reads(tmp_path: Path) -> None:
    config = replace(stripe(tmp_path), site_url=None)
    (tmp_path / "stripe_key").chmod(0o644)

    with pytest.raises(UnsafeStart) as refused:
        config.refuse_unsafe()

    assert len(refused.value.reasons) == 2


@pytest.mark.check(89)
def test_all_reasons_are_told_together_and_none_tells_the_secret() -> None:
    with pytest.raises(UnsafeStart) as refused:
        safe(secret_key="too-short-to-sign", debug=True, tls_behind_proxy=False).refuse_unsafe()

    assert len(refused.value.reasons) == 3
    assert "too-short-to-sign" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/claims.db", Path("var/claims.db")),
        ("sqlite:////srv/a%20clinic/claims.db", Path("/srv/a clinic/claims.db")),
        ("sqlite:///:memory:", None),
        ("postgresql://claims@db/claims", None),
    ],
)
def test_the_file_behind_a_database_url(url: str, file: Path | None) -> None:
    assert Config(database_url=url).sqlite_file() == file


def test_the_folders_that_travel_with_the_package_are_found_from_anywhere() -> None:
    assert data_folder("mappings").is_dir()

    with pytest.raises(ConfigError, match="no folder 'secrets' is shipped"):
        data_folder("secrets")
