/*
 * Sockets, as far as they go without the host's kernel: why there are none. What they do is for linux-tests/test_virtio_vsock.py
 * and ci/kvm-inner.sh.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "devices/virtio/tests/driver.h"
#include "devices/virtio/vsock.h"

static struct driver d;

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtio_vsock, .fini = end, .timeout = 20);

static void is_refused(const char *path, bool virtual_time, enum error_kind kind, const char *why)
{
	const struct virtio_vsock_config config = {.cid = 3, .path = path};
	struct error err = {0};

	driver_begin(&d, virtual_time);
	cr_assert_lt(virtio_vsock_create(d.vm, &driver_slot, &config, &err), 0);
	cr_expect_eq(err.kind, kind);
	cr_expect(strstr(err.text, why), "%s", err.text);
	cr_expect_null(d.vm->devices);
}

Test(virtio_vsock, the_host_has_none)
{
	is_refused("/no/such/vhost-vsock", false, ERROR_UNAVAILABLE, "no vsock for guests");
}

Test(virtio_vsock, the_host_has_something_else)
{
	is_refused("/dev/null", false, ERROR_UNAVAILABLE, "is not a vsock device");
}

Test(virtio_vsock, time_is_virtual)
{
	is_refused("/dev/null", true, ERROR_UNAVAILABLE, "virtual time");
}
