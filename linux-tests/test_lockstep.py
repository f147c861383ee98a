"""`god lockstep` as a command; what it finds is tested in harness/tests/test_lockstep.c."""

import os
import re

from conftest import ROOT

HELLO = os.path.join(ROOT, "build/guest-tests/hello.elf")
SAME = ("--engines", "interp,interp")


def test_the_same_up_to_the_end(god):
    done = god.run("lockstep", *SAME, "--binary", HELLO)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"interp and interp are the same up to tick \d+ \(status 0\), compared "
                        r"\d+ times\n", done.stdout)


def test_linux_with_input_up_to_a_tick(god, tmp_path):
    script = tmp_path / "script"
    script.write_text("poweroff -f\n")
    argv = ["lockstep", *SAME, "--kernel", god.images.kernels["small"],
            "--initramfs", god.images.initramfs, "--cpus", "2", "--input", str(script)]
    done = god.run(*argv, "--until", "30000000")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the same up to tick 30000000 (goes on), compared 3001 times" in done.stdout
    done = god.run(*argv, "--timeout", "0.5")
    assert (done.returncode, done.stderr) == (124, "")
    assert re.fullmatch(r"(interp: .* at tick \d+\n){2}", done.stdout)


def test_errors(god):
    def status(*options):
        done = god.run("lockstep", *options)
        assert re.fullmatch(r"god: .*\n", done.stderr), done.stderr
        return done.returncode
    assert status() == 64
    assert status(*SAME, "--binary", "/no/such/file") == 66
    assert status(*SAME, "--binary", HELLO, "--input", "/no/such/file") == 66
    assert status("--engines", "interp,none", "--binary", HELLO) == 64
    assert status(*SAME, "--binary", HELLO, "--trace", "all") == 64
