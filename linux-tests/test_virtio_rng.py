"""The entropy device as Linux uses it."""


def test_random_bytes(boot):
    guest = boot("small", "--rng")
    sysfs = "/sys/class/misc/hw_random"
    assert "virtio_rng.0" in guest.output(f"cat {sysfs}/rng_available")
    guest.output(f"echo virtio_rng.0 > {sysfs}/rng_current")
    sums = [guest.output("dd if=/dev/hwrng bs=4096 count=64 iflag=fullblock 2>/dev/null |"
                         " tee /tmp/random | md5sum") for _ in range(2)]
    assert sums[0] != sums[1]
    assert guest.output("wc -c < /tmp/random") == str(64 * 4096)
    # Random bytes do not get smaller.
    assert int(guest.output("gzip -c /tmp/random | wc -c")) > 64 * 4096


def test_unbind_and_bind(boot):
    """The driver goes and comes: the device is reset, its queue made anew."""
    guest = boot("small", "--rng")
    driver = "/sys/bus/virtio/drivers/virtio_rng"
    for _ in range(3):
        guest.output(f"echo virtio0 > {driver}/unbind")
        guest.output(f"echo virtio0 > {driver}/bind")
    guest.output("dd if=/dev/hwrng bs=4096 count=1 iflag=fullblock of=/dev/null")
