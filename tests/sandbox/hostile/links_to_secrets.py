# attack: make links, hard and symbolic, to hidden files, and have others follow them
# asset: tests, reference, grades
# channel: file system
# beats otter: no
# expect: not_implemented
# place: after
import os

TARGETS = ["@COURSE@/reference/chain_rule.py", "@COURSE@/grading.yml", "@TOP@/store.sqlite", "@OUT@/grades.json", "/etc/shadow"]
for number, target in enumerate(TARGETS):
    for make in (os.symlink, os.link):
        place = f"{make.__name__}{number}"
        try:
            make(target, place)
            with open(place, "rb") as file:
                content = file.read(80)
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: {target} by {make.__name__}: {content!r}")
