# attack: fill every writable folder with large and with many files
# asset: machine
# channel: file system
# beats otter: no
# expect: not_implemented,crashed,raised,timed_out
# place: after
def fill():
    for folder in (".", "/tmp", "/dev/shm", "/run/submission", "/var/tmp", "@COURSE@", "@OUT@"):
        written = 0
        try:
            for number in range(3000):
                with open(f"{folder}/{number}", "wb") as file:
                    written += file.write(bytes(1 << 18))
        except OSError:
            pass
        if written > 200 << 20 or (written and folder.startswith("@TOP@")):
            raise RuntimeError(f"ESCAPED: wrote {written} bytes to {folder}")


fill()
