"""What memory a god has, by the kernel's account."""


def mappings(pid):
    """The fields of each of the process's mappings: numbers are bytes."""
    fields = {}
    with open(f"/proc/{pid}/smaps", encoding="ascii") as smaps:
        for line in smaps:
            name, *rest = line.split()
            if name == "VmFlags:":
                yield {**fields, "flags": rest}
            elif rest[-1] == "kB":
                fields[name.rstrip(":")] = int(rest[0]) << 10


def is_guest_ram(mapping):
    """Nothing else of this size is kept from children, or is shared (translated code is less)."""
    return mapping["Size"] >= 128 << 20 and ("dc" in mapping["flags"] or "sh" in mapping["flags"])


def resident(pid):
    """Resident bytes of the guest's RAM, and of the process's own memory."""
    found = list(mappings(pid))
    return (sum(m["Rss"] for m in found if is_guest_ram(m)),
            sum(m["Anonymous"] for m in found if not is_guest_ram(m)))
