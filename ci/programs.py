#!/usr/bin/python3
"""Put the programs of linux-tests/programs into the guest's first file system, in /usr/bin.

    ci/programs.py INITRAMFS DIRECTORY OUTPUT

INITRAMFS stays as it is: OUTPUT is that archive and a second one, with all files of DIRECTORY,
behind it.  The kernel unpacks one after the other.
"""

import gzip
import os
import stat
import sys

from initramfs import Archive


def add_programs(initramfs, directory, output):
    archive = Archive()
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), "rb") as program:
            archive.add("usr/bin/" + name, stat.S_IFREG | 0o755, program.read())
    with open(initramfs, "rb") as base, open(output, "wb") as file:
        file.write(base.read() + gzip.compress(archive.finish(), 1, mtime=0))


if __name__ == "__main__":
    add_programs(*sys.argv[1:])
