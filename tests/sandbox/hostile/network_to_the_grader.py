# attack: reach the grader, the store or a course server: every local port, name service, unix sockets of the host
# asset: tests, reference, grades, seeds
# channel: network
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import glob
import socket

for port in (22, 53, 80, 443, 2375, 3306, 5432, 6379, 8000, 8080, 8888, 11211):
    for host in ("127.0.0.1", "::1", "169.254.169.254"):
        try:
            socket.create_connection((host, port), 0.02).close()
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: {host}:{port}")
try:
    socket.getaddrinfo("example.com", 80)
except OSError:
    pass
else:
    raise RuntimeError("ESCAPED: names are resolved")
places = ["/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", "/dev/log"]
places += glob.glob("/tmp/**/*.sock", recursive=True) + ["@TOP@/grader.sock", "\0grader"]
for place in places:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(socket.AF_UNIX, kind) as s:
                s.connect(place)
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: connected to {place}")
