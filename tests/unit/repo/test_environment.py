"""What every git child is started with."""

from pairctl.repo.environment import environment_of, settings_of


def test_only_what_is_named_passes() -> None:
    """Neither a `GIT_*` variable nor a secret of our own environment reaches a child."""
    inherited = {
        "HOME": "/home/x",
        "SSH_AUTH_SOCK": "/run/ssh.sock",
        "GIT_DIR": "/elsewhere",
        "GIT_CONFIG_COUNT": "1",
        "GIT_SSH_COMMAND": "touch /tmp/owned",
        "PAIRCTL_SECRET_PALETTE": "hunter2",
        "LD_PRELOAD": "/tmp/x.so",
    }
    found = environment_of(inherited)
    assert found["HOME"] == "/home/x"
    assert found["SSH_AUTH_SOCK"] == "/run/ssh.sock"
    assert "BatchMode=yes" in found["GIT_SSH_COMMAND"]
    assert not {"GIT_DIR", "GIT_CONFIG_COUNT", "PAIRCTL_SECRET_PALETTE", "LD_PRELOAD"} & set(found)


def test_one_transport_at_most_is_allowed() -> None:
    """All transports are off but the one that the location needs."""
    assert [text for text in settings_of(None) if text.endswith("allow=always")] == []
    allowed = [text for text in settings_of("ssh") if text.endswith("allow=always")]
    assert allowed == ["protocol.ssh.allow=always"]
    assert settings_of("ssh").index("protocol.allow=never") < settings_of("ssh").index(allowed[0])
