# attack: overwrite hidden tests, reference, settings and the package with empty bodies
# asset: tests, reference, grades
# channel: file system
# beats otter: 3
# expect: not_implemented
# place: after
import os

COURSE = "@COURSE@"
TARGETS = [
    f"{COURSE}/tests/hidden/chain_rule/test_chain_rule.py",
    f"{COURSE}/reference/chain_rule.py",
    f"{COURSE}/grading.yml",
    f"{COURSE}/assignments/chain_rule/assignment.yml",
    torch.__file__,
    os.path.join(os.path.dirname(torch.__file__), "evil.py"),
    "/canary",
    "@PACKAGE@/worker/serve.py",
]
for target in TARGETS:
    for act in (
        lambda t: open(t, "w").close(),
        os.unlink,
        lambda t: os.rename(t, t + "2"),
        lambda t: os.truncate(t, 0),
        lambda t: os.chmod(t, 0o777),
        os.utime,
    ):
        try:
            act(target)
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: changed {target}")
