"""What the doctor says of a host's policy, with simulated files."""

from autograder.cli import doctor


def test_a_policy_that_forbids_namespaces_is_told_with_its_remedy(tmp_path):
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "apparmor_restrict_unprivileged_userns").write_text("1\n")
    finding = doctor._user_namespaces(tmp_path)
    assert not finding.good
    assert "AppArmor" in finding.words
    assert "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" in finding.words


def test_a_policy_that_allows_them_is_told_too(tmp_path):
    finding = doctor._user_namespaces(tmp_path)
    assert finding.good
    assert "does not forbid" in finding.words
