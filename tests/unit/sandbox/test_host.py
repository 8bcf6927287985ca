"""What a host forbids, read from simulated files, and the remedy for it."""

import types

import pytest

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import host


@pytest.fixture
def sysctl(tmp_path):
    """Makes a simulated /proc/sys."""

    def make(**switches):
        for name, value in switches.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{value}\n")
        return tmp_path

    return make


def test_a_host_without_switches_has_no_obstacles(sysctl):
    assert host.obstacles(sysctl()) == []


def test_a_host_that_allows_namespaces_has_no_obstacles(sysctl):
    allowing = sysctl(
        kernel__apparmor_restrict_unprivileged_userns=0,
        kernel__unprivileged_userns_clone=1,
        user__max_user_namespaces=63_000,
    )
    assert host.obstacles(allowing) == []


@pytest.mark.parametrize(
    ("switch", "value", "words"),
    [
        (
            "kernel__apparmor_restrict_unprivileged_userns", 1,
            ("AppArmor, as on Ubuntu 24.04", "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
        ),
        (
            "kernel__unprivileged_userns_clone", 0,
            ("Debian", "sysctl -w kernel.unprivileged_userns_clone=1"),
        ),
        ("user__max_user_namespaces", 0, ("none", "sysctl -w user.max_user_namespaces=15000")),
    ],
)  # fmt: skip
def test_a_switch_that_forbids_is_named_with_its_value_and_remedy(sysctl, switch, value, words):
    (found,) = host.obstacles(sysctl(**{switch: value}))
    assert f"{switch.replace('__', '.')} = {value}" in found
    assert all(word in found for word in words)
    assert "/etc/sysctl.d/" in found
    assert "--isolation landlock" in found


def test_every_obstacle_is_told_at_once(sysctl):
    found = host.obstacles(
        sysctl(kernel__apparmor_restrict_unprivileged_userns=1, user__max_user_namespaces=0)
    )
    assert len(found) == 2
    assert host.remedy("bwrap: anything", found) == " ".join(found)


def test_a_switch_in_another_form_is_no_obstacle(sysctl):
    assert host.obstacles(sysctl(user__max_user_namespaces="many")) == []


def test_capabilities_are_read_from_the_status():
    docker = "Name:\tx\nCapEff:\t00000000a80425fb\nSeccomp:\t2\n"
    names = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_SYS_CHROOT")
    assert host.missing_capabilities(names, docker) == []
    assert host.missing_capabilities(names, "Name:\tx\nCapEff:\t0000000000000080\n") == [
        "CAP_SETGID", "CAP_KILL", "CAP_SYS_CHROOT"
    ]  # fmt: skip


def test_a_root_without_capabilities_is_told_which(monkeypatch):
    monkeypatch.setattr(host.os, "getuid", lambda: 0)
    monkeypatch.setattr(host, "missing_capabilities", lambda *_: ["CAP_SETUID"])
    with pytest.raises(IsolationError, match=r"engine `uid` needs CAP_SETUID.*--cap-add"):
        host.require_root(Isolation.UID, ["CAP_SETUID"])


def test_the_jail_is_where_torch_lies_and_others_must_be_able_to_read_it(monkeypatch, tmp_path):
    (tmp_path / "torch").mkdir()
    spec = types.SimpleNamespace(origin=str(tmp_path / "torch" / "__init__.py"))
    monkeypatch.setattr(host.importlib.util, "find_spec", lambda name: spec)
    tmp_path.chmod(0o755)
    assert host.packages() == tmp_path
    tmp_path.chmod(0o750)
    with pytest.raises(IsolationError, match=f"may not read {tmp_path}.*chmod o"):
        host.packages()


def test_without_torch_there_is_no_jail(monkeypatch):
    monkeypatch.setattr(host.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(IsolationError, match="torch is not installed"):
        host.packages()
