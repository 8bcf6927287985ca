"""What each probe of the canary means where it gets through, and what to do about it.

Words only; what a probe does stands in `canary_program`.
"""

from typing import Final

_FILES: Final = (
    "Files of the course or of this machine are not out of reach. Keep the course out of the folders of Python and of "
    "this package; for engine `landlock` see that the kernel has Landlock switched on (`cat /sys/kernel/security/lsm`)."
)
_PROCESSES: Final = (
    "Processes outside the sandbox are not out of reach. Allow pid namespaces (`autograder doctor`), and do not run "
    "the container with the host's processes (`--pid=host`)."
)
_NETWORK: Final = (
    "Sockets of this machine are not out of reach. Allow network namespaces, and see that the kernel has seccomp "
    "filters (CONFIG_SECCOMP_FILTER)."
)
_FILTER: Final = (
    "The filter of system calls is not installed or has a gap. See that the kernel has seccomp filters "
    "(CONFIG_SECCOMP_FILTER), and reinstall this version of autograder unchanged."
)
_PRIVILEGES: Final = (
    "The sandbox kept privileges that it gives up. Reinstall this version of autograder unchanged; in a container, "
    "start it without `--privileged`."
)
_LIMITS: Final = (
    "A limit of the sandbox does not hold. See whether a service manager, container or `prlimit` overrides limits of "
    "processes here, and that submissions do not run as root."
)
_NEIGHBOURS: Final = (
    "One task can leave something for the next. Allow mount, network and IPC namespaces, and reinstall this version of "
    "autograder unchanged."
)

#: By probe: what a submission could do, and the remedy.
PROBES: Final[dict[str, tuple[str, str]]] = {
    "read_decoy": ("read a file outside the sandbox, and so hidden tests", _FILES),
    "list_folder": ("list a folder outside the sandbox", _FILES),
    "read_course": ("read a file of the course", _FILES),
    "write_course": ("change a file of the course", _FILES),
    "write_package": ("change this package for the next submission", _FILES),
    "write_root": ("create files in the root folder", _FILES),
    "see_processes": ("see other processes and their command lines", _PROCESSES),
    "environment": ("read variables of the one who grades, and tokens among them", _PROCESSES),
    "descriptors": ("use open files or sockets of the process that started it", _PROCESSES),
    "tcp": ("open a TCP connection", _NETWORK),
    "udp": ("send UDP datagrams", _NETWORK),
    "abstract_socket": ("talk to a service of this machine by an abstract socket", _NETWORK),
    "named_socket": ("talk to a service of this machine, such as Docker, by its socket", _NETWORK),
    "exec": ("execute programs", _FILTER),
    "ptrace": ("trace a process of the grader", _PROCESSES),
    "kill": ("send signals to a process of the grader", _PROCESSES),
    "kill_parent": ("send signals to the process that started it", _PROCESSES),
    "kill_group": ("send signals to a process group that it shares", _PROCESSES),
    "root": ("act as root", _PRIVILEGES),
    "setuid": ("become root", _PRIVILEGES),
    "capabilities": ("use capabilities", _PRIVILEGES),
    "new_privileges": ("gain privileges by executing a program (no_new_privs)", _PRIVILEGES),
    "unfiltered": ("make any system call", _FILTER),
    "dumpable": ("have its memory read by another process of its user", _PRIVILEGES),
    "user_namespace": ("make a user namespace, and be root in it", _FILTER),
    "mount": ("mount a file system", _FILTER),
    "chroot": ("change its root folder", _FILTER),
    "call_exec": ("call execve or execveat", _FILTER),
    "call_namespaces": ("call unshare, setns, or clone with namespaces", _FILTER),
    "call_clone3": ("call clone3, whose flags no filter sees", _FILTER),
    "call_mounts": ("make calls that mount", _FILTER),
    "call_tracing": ("make calls that look into other processes", _FILTER),
    "call_users": ("make calls that change users, groups, owners or capabilities", _FILTER),
    "call_mailboxes": ("make calls for System V IPC and message queues", _FILTER),
    "call_asynchronous": ("call io_uring or asynchronous I/O, past the filter", _FILTER),
    "call_keys": ("make calls for the kernel's keys", _FILTER),
    "call_kernel": ("call parts of the kernel that have had many holes", _FILTER),
    "call_schedule": ("raise its own priority", _FILTER),
    "call_terminal": ("type into the terminal of the one who grades", _FILTER),
    "call_network": ("make sockets of the network", _FILTER),
    "call_datagrams": ("make datagram sockets, which can send to anybody", _FILTER),
    "call_32_bit": ("make 32-bit calls, which mean other calls to the filter", _FILTER),
    "pseudo_terminal": ("open pseudo-terminals", _FILES),
    "unlimited": ("use something without limit", _LIMITS),
    "raise_limit": ("raise its own limits", _LIMITS),
    "lock_memory": ("lock memory", _LIMITS),
    "open_files": ("open more files than it is allowed", _LIMITS),
    "memory": ("take more memory than it is allowed", _LIMITS),
    "large_file": ("write a larger file than it is allowed", _LIMITS),
    "many_files": ("fill the disk with many files", _LIMITS),
    "fork_bomb": ("start more processes than it is allowed", _LIMITS),
    "mailbox": ("find a file that another task left", _NEIGHBOURS),
    "neighbour_socket": ("connect to a socket of another task", _NEIGHBOURS),
    "shared_memory": ("read shared memory of another task", _NEIGHBOURS),
    "survive": ("leave processes behind that outlive its task", _PROCESSES),
}
