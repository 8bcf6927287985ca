# attack: open memory, disks, graphics, tunnels, virtual machines and file systems of one's own by device
# asset: machine
# channel: file system, kernel
# beats otter: no
# expect: not_implemented
# place: after
import glob
import os

HARMLESS = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm", "/dev/fd", "/dev/core")
NAMES = "mem kmem port kvm fuse loop0 loop-control net/tun vhost-net userfaultfd kmsg sda vda nvme0n1 dm-0".split()
NAMES += "dri/card0 dri/renderD128 nvidia0 nvidiactl nvidia-uvm mqueue hugepages cpu_dma_latency uinput rtc0".split()
for path in [*glob.glob("/dev/*"), *(f"/dev/{name}" for name in NAMES)]:
    if path.startswith(HARMLESS) or os.path.isdir(path):
        continue
    for way in (os.O_RDONLY, os.O_RDWR):
        try:
            os.close(os.open(path, way | os.O_NONBLOCK | os.O_NOCTTY))
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: opened {path}")
