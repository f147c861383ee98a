#!/usr/bin/python3
"""Pack files to be put on top of the guest images' initramfs.

    ci/kvm_initramfs.py BASE OUTPUT NAME=FILE...

Writes BASE, an initramfs, followed by a second archive with each FILE, or the files below each
directory FILE, as NAME. The kernel unpacks one after the other: a file in the second replaces one
of the same name in the first (Documentation/driver-api/early-userspace/buffer-format.rst).
"""

import os
import stat
import sys

from initramfs import Archive


def below(path):
    """What is below a directory, as relative names; a file is itself."""
    if os.path.isfile(path):
        return [""]
    found = []
    for directory, subdirectories, files in os.walk(path):
        subdirectories.sort()
        prefix = os.path.relpath(directory, path)
        found += sorted(os.path.normpath(os.path.join(prefix, name)) for name in files)
    return found


class Overlay(Archive):
    """An archive in which the directories above a file come before it, each once."""

    def __init__(self):
        super().__init__()
        self.directories = set()

    def add_file(self, name, path):
        directory = os.path.dirname(name)
        parts = directory.split("/") if directory else []
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            if above not in self.directories:
                self.directories.add(above)
                self.add(above, stat.S_IFDIR | 0o755)
        with open(path, "rb") as source:
            executable = os.stat(path).st_mode & stat.S_IXUSR
            self.add(name, stat.S_IFREG | (0o755 if executable else 0o644), source.read())


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    overlay = Overlay()
    for argument in sys.argv[3:]:
        name, _, path = argument.partition("=")
        for relative in below(path):
            inside = os.path.join(name, relative) if relative else name
            overlay.add_file(inside, os.path.join(path, relative) if relative else path)
    with open(sys.argv[1], "rb") as base, open(sys.argv[2], "wb") as output:
        data = base.read()
        # The kernel looks for an archive that is not compressed at multiples of 4.
        output.write(data + bytes(-len(data) % 4))
        output.write(overlay.finish())


if __name__ == "__main__":
    main()
