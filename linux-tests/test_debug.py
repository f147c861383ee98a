"""Debugging in the guest: breakpoints, watchpoints and single steps, by ptrace."""

# What programs/debug.c says, in the order in which it does things. Offsets are those of its
# assembly. Code 4 is TRAP_HWBKPT: the stop comes before the instruction or access that it is about;
# 1 is TRAP_BRKPT, 2 is TRAP_TRACE.
EXPECTED = """\
breakpoint: signal 5 code 4 at +0, pc at +0
steps: 9
store: signal 5 code 4 at +5, pc at +28
after the store: +32, byte 42
load: signal 5 code 4 at +4, pc at +20
brk: signal 5 code 1 at +0, pc at +28
stepped over: signal 5 code 2 at +4, pc at +32
brk again: signal 5 code 1 at +0, pc at +28
child ended with 7
one thread: 20 stops"""


def test_ptrace(guest):
    slots, _, rest = guest.output("debug").partition("\n")
    assert slots.startswith("breakpoints: "), slots
    assert "breakpoints: 0" not in slots and "watchpoints: 0" not in slots
    assert rest == EXPECTED


PERF = """\
instructions: 10000
cycles: 10000
branches: 2000
loads: 2000
stores: 2000
accesses: 4000
samples: 20"""


def test_perf(god, guest):
    """Counting and sampling by perf_event_open. On KVM the counts are those of the host's CPU."""
    output = guest.output("perf")
    if god.engine == "kvm":
        assert output.startswith("instructions: 10000\n"), output
    else:
        assert output == PERF
