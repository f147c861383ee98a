"""`make install`, `make uninstall`, `make deb`: what arrives is complete, and works from there."""

import os
import re
import subprocess
from types import SimpleNamespace

import pytest

from conftest import ROOT

COMMANDS = ["run", "test", "lockstep", "kvm info"]


def make(god, *arguments):
    """Run make on the build that the god under test comes from."""
    build = os.path.relpath(os.path.dirname(god.path), ROOT)
    # What an outer make was told would be told to this one as well, its jobs included.
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("MAKE", "MFLAGS"))}
    base, _, sanitizer = build.partition("/san-")
    return subprocess.run(
        ["make", "--no-print-directory", f"BUILD={base}",
         f"SANITIZE={sanitizer.replace('-', ',')}", *arguments],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def files_below(root):
    return sorted(os.path.relpath(os.path.join(folder, name), root)
                  for folder, _, names in os.walk(root) for name in names)


@pytest.fixture(scope="module")
def installed(god, tmp_path_factory):
    """Where everything is installed, as if that were the root of a system."""
    root = tmp_path_factory.mktemp("root")
    make(god, "install", f"DESTDIR={root}", "PREFIX=/usr")
    return root


def test_program_runs_from_where_it_was_installed(installed):
    program = installed / "usr/bin/god"
    output = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE,
                            text=True).stdout
    version = re.search(r"^Version: (.*)$",
                        (installed / "usr/lib/pkgconfig/god.pc").read_text(), re.M)[1]
    assert output.startswith(f"god {version}\n")


def test_everything_is_installed_and_uninstalled(god, tmp_path):
    make(god, "install", f"DESTDIR={tmp_path}", "PREFIX=/opt/god")
    files = files_below(tmp_path)
    assert all(name.startswith("opt/god/") for name in files)
    for name in ("bin/god", "lib/libgod.a", "lib/pkgconfig/god.pc", "include/god/core/vm.h",
                 "include/god/devices/board.h", "share/man/man1/god.1",
                 "share/bash-completion/completions/god"):
        assert f"opt/god/{name}" in files
    make(god, "uninstall", f"DESTDIR={tmp_path}", "PREFIX=/opt/god")
    assert files_below(tmp_path) == []


def test_library_is_usable_by_its_installed_files(god, installed, tmp_path):
    """A program that knows nothing but pkg-config's answer boots a guest."""
    if "/san-" in god.path:
        pytest.skip("a library with a sanitizer in it needs a program with it")
    source = os.path.join(ROOT, "linux-tests/data/library_user.c")
    environment = {**os.environ, "PKG_CONFIG_LIBDIR": str(installed / "usr/lib/pkgconfig"),
                   "PKG_CONFIG_SYSROOT_DIR": str(installed)}
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "god"], env=environment, check=True,
                           stdout=subprocess.PIPE, text=True).stdout.split()
    assert not any(ROOT in flag for flag in flags)
    subprocess.run(["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", tmp_path / "user",
                    source, *flags], cwd=tmp_path, check=True)
    hello = os.path.join(os.path.dirname(god.path), "guest-tests/hello.bin")
    expected = god.run("run", "--engine", god.engine, "--binary", hello)
    done = subprocess.run([tmp_path / "user", god.engine, hello], check=False, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (expected.returncode, "")
    assert done.stdout == expected.stdout != ""


def help_options(god, command):
    """The options in a command's --help: {name: its value's name, or None}."""
    text = god.run(*command.split(), "--help").stdout
    found = re.findall(r"^  (--[a-z][a-z0-9-]*)(?: (\S+))?(?:  |$)", text, re.M)
    assert found
    return {name: value or None for name, value in found}


def manual_options():
    """The same of the manual: {command: {name: value}}, from the .TPs below each .SS."""
    with open(os.path.join(ROOT, "dist/god.1"), encoding="utf-8") as file:
        text = file.read()
    options = text[text.index(".SH OPTIONS"):text.index(".SH ESCAPE KEYS")]
    options = options.replace(".TQ\n", ".TP\n")  # one more option with the same text
    commands = {}
    for section in options.split("\n.SS ")[1:]:
        title, _, body = section.partition("\n")
        heads = re.findall(r"^\.TP\n\.BI? (\S+)(?: +(\S.*))?$", body.replace(r"\-", "-")
                           .replace("\\ ", ""), re.M)
        assert len(heads) == body.count(".TP\n")
        commands[title.removeprefix("god ")] = {name: value or None for name, value in heads}
    return commands


def test_manual_has_each_option_and_no_other(god):
    assert manual_options() == {command: help_options(god, command) for command in COMMANDS}


def test_manual_is_well_formed():
    done = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8", "-Kutf8", "dist/god.1"],
                          cwd=ROOT, check=True, stderr=subprocess.PIPE, text=True)
    assert done.stderr == ""


def test_manual_has_each_escape_key():
    """As Ctrl-A h lists them."""
    with open(os.path.join(ROOT, "harness/escape.c"), encoding="utf-8") as file:
        keys = re.findall(r'"  (Ctrl-A \S+)  ', file.read())
    with open(os.path.join(ROOT, "dist/god.1"), encoding="utf-8") as file:
        manual = file.read()
    assert len(keys) >= 4
    section = manual[manual.index(".SH ESCAPE KEYS"):manual.index(".SH SIGNALS")]
    assert sorted(re.findall(r"^\.B (Ctrl-A [^\\\n]+)", section, re.M)) == sorted(keys)


def complete(god, line, installed):
    """What bash offers at the end of a line."""
    words = line.split(" ")
    script = (f'source "$1"; COMP_WORDS=("$2" {" ".join(map(repr, words[1:]))});'
              f' COMP_CWORD={len(words) - 1}; _god; printf "%s\\n" "${{COMPREPLY[@]}}"')
    path = installed / "usr/share/bash-completion/completions/god"
    done = subprocess.run(["bash", "-c", script, "bash", path, god.path], check=True, cwd=ROOT,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.split()


@pytest.mark.parametrize("command", COMMANDS)
def test_completion_offers_each_option_and_no_other(god, installed, command):
    assert sorted(complete(god, f"god {command} --", installed)) == sorted(
        help_options(god, command))


@pytest.mark.parametrize("command", COMMANDS)
def test_completion_knows_what_each_option_takes(god, installed, command):
    """After an option with a value, its values or nothing; after one without, options again."""
    for name, value in help_options(god, command).items():
        offered = complete(god, f"god {command} {name} --", installed)
        assert bool(offered) == (value is None), name
    if "--engine" in help_options(god, command):
        engines = god.run("--version").stdout.splitlines()[1:]
        usable = [line.split()[0] for line in engines if "not on this host" not in line]
        offered = complete(god, f"god {command} --engine ", installed)
        assert set(usable) < set(offered)


def test_completion_takes_an_option_to_its_last_digit(installed, tmp_path):
    """God has no option with a digit now; one that has must not be offered without it."""
    program = tmp_path / "god"
    program.write_text("#!/bin/sh\necho '  --uart2 FILE      a second UART'\n", encoding="utf-8")
    program.chmod(0o755)
    assert complete(SimpleNamespace(path=program), "god run --", installed) == ["--uart2"]


def test_completion_of_commands_files_and_lists(god, installed):
    assert complete(god, "god ", installed) == ["run", "test", "lockstep", "kvm",
                                                "--help", "--version"]
    assert complete(god, "god run --kernel README", installed) == ["README.md"]
    assert complete(god, "god run --trace mmio,ps", installed) == ["mmio,psci"]
    assert complete(god, "god run --gic = ", installed) == ["2", "3"]
    assert complete(god, "god lockstep --engines interp,in", installed) == ["interp,interp"]


def test_package(god, tmp_path):
    """The package, unpacked, has a god that runs, and says what it depends on."""
    if "/san-" in god.path:
        pytest.skip("nobody wants a package of that")
    package = make(god, "deb").splitlines()[-1]
    fields = subprocess.run(["dpkg-deb", "--field", package], cwd=ROOT, check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    assert re.search(r"^Depends:.*libc6.*libfdt1", fields, re.M)
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], cwd=ROOT, check=True)
    output = subprocess.run([tmp_path / "usr/bin/god", "--version"], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    version = re.search(r"^Version: (.*)$", fields, re.M)[1]
    assert output.startswith(f"god {version}\n")
    contents = subprocess.run(["dpkg-deb", "--contents", package], cwd=ROOT, check=True,
                              stdout=subprocess.PIPE, text=True).stdout
    assert all(line.split()[1] == "root/root" for line in contents.splitlines())
    assert "/usr/share/man/man1/god.1.gz" in contents
