# attack: folders a thousand deep, names of 255 bytes, links in a circle and a file with ten thousand holes
# asset: machine, time of others
# channel: file system
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import os

made = 0
try:
    while made < 20_000:
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
        os.symlink(".", "l" * 250)
        made += 2
except OSError:
    pass
if made >= 20_000:
    raise RuntimeError("ESCAPED: no limit on inodes")
try:
    with open("holes", "wb") as file:
        for number in range(10_000):
            file.seek(number << 16)
            file.write(b"x")
except OSError:
    pass
