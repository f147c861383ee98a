#!/usr/bin/python3
"""Pack the guest's first file system: BusyBox, /init and a few directories.

    ci/initramfs.py BUSYBOX INIT OUTPUT MODULE.ko.xz...

Writes a gzip-compressed cpio archive in the "newc" format that the kernel unpacks
(Documentation/driver-api/early-userspace/buffer-format.rst).  It is written here, not by cpio,
because that way it takes no root to own files and to make a device node, and the same input gives
the same bytes: no time stamp, no inode number of the machine at hand.
"""

import gzip
import lzma
import os
import stat
import sys

DIRECTORIES = ["bin", "dev", "etc", "etc/acpi", "etc/acpi/PWRF", "lib", "lib/power-key", "mnt",
               "proc", "root", "run", "sbin", "sys", "tmp", "usr", "usr/bin", "usr/sbin", "var"]
FILES = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": b"root:x:0:\n",
}
# What acpid does when the power key is pressed.
POWER_KEY = b"#!/bin/sh\nsync\numount -a -r 2>/dev/null\npoweroff -f\n"


class Archive:
    """A growing newc archive: a header of 8-digit hexadecimal fields, a name, the data."""

    def __init__(self):
        self.data = bytearray()
        self.inode = 0

    def add(self, name, mode, content=b"", device=(0, 0)):
        self.inode += 1
        encoded = name.encode() + b"\0"
        fields = [self.inode, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(encoded), 0]
        self.data += b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
        self.pad()
        self.data += content
        self.pad()

    def pad(self):
        self.data += bytes(-len(self.data) % 4)

    def finish(self):
        self.inode = -1
        self.add("TRAILER!!!", 0)
        return bytes(self.data)


def pack(busybox, init, modules):
    archive = Archive()
    for name in DIRECTORIES:
        archive.add(name, stat.S_IFDIR | (0o1777 if name == "tmp" else 0o755))
    for name, content in FILES.items():
        archive.add(name, stat.S_IFREG | 0o644, content)
    archive.add("bin/busybox", stat.S_IFREG | 0o755, busybox)
    archive.add("bin/sh", stat.S_IFLNK | 0o777, b"busybox")
    archive.add("init", stat.S_IFREG | 0o755, init)
    archive.add("etc/acpi/PWRF/00000080", stat.S_IFREG | 0o755, POWER_KEY)
    for name, module in modules:
        archive.add(f"lib/power-key/{name}", stat.S_IFREG | 0o644, module)
    # The kernel opens it for init before init can mount devtmpfs.
    archive.add("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))
    return archive.finish()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    modules = []
    for path in sys.argv[4:]:
        with lzma.open(path, "rb") as module:
            modules.append((os.path.basename(path).removesuffix(".xz"), module.read()))
    with open(sys.argv[1], "rb") as busybox, open(sys.argv[2], "rb") as init:
        data = pack(busybox.read(), init.read(), modules)
    with open(sys.argv[3], "wb") as output:
        output.write(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main()
