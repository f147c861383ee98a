/*
 * What a host without a usable KVM says, and what fits into a guest's address space. Runs on every
 * architecture: what is wrong with a host can be shown without a right one.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/kvm/host.h"

Test(kvm_host, missing)
{
	struct error err = {0};

	cr_assert_eq(kvm_host_open("/nonexistent/kvm", &err), -1);
	cr_assert_eq(err.kind, ERROR_UNAVAILABLE);
	cr_assert_not_null(strstr(err.text, "/nonexistent/kvm: there is no KVM here"), "%s",
			   err.text);
}

/* A device, but another one. */
Test(kvm_host, not_kvm)
{
	struct error err = {0};

	cr_assert_eq(kvm_host_open("/dev/null", &err), -1);
	cr_assert_eq(err.kind, ERROR_UNAVAILABLE);
	cr_assert_not_null(strstr(err.text, "is not KVM"), "%s", err.text);
}

/* As a user to whom the device is closed; root would not notice. */
static int open_as_nobody(const char *path)
{
	struct error err = {0};

	if (getuid() == 0 && setuid(65534) < 0)
		return 2;
	return kvm_host_open(path, &err) == -1 && err.kind == ERROR_PERMISSION &&
			       strstr(err.text, "usermod -aG kvm")
		       ? 0
		       : 1;
}

Test(kvm_host, not_permitted)
{
	char path[] = "/tmp/god-kvm-XXXXXX";
	int fd = mkstemp(path), status;
	pid_t child;

	cr_assert_geq(fd, 0);
	cr_assert_eq(fchmod(fd, 0), 0);
	child = fork();
	if (child == 0)
		_exit(open_as_nobody(path));
	cr_assert_eq(waitpid(child, &status, 0), child);
	close(fd);
	unlink(path);
	cr_assert(WIFEXITED(status));
	cr_assert_eq(WEXITSTATUS(status), 0);
}

Test(kvm_host, version)
{
	struct error err = {0};

	cr_assert_eq(kvm_host_check_version(12, &err), 0);
	cr_assert_eq(kvm_host_check_version(11, &err), -1);
	cr_assert_eq(err.kind, ERROR_UNAVAILABLE);
	cr_assert_not_null(strstr(err.text, "version 11"), "%s", err.text);
	cr_assert_eq(kvm_host_check_version(13, &err), -1);
}

Test(kvm_host, address_space)
{
	struct error err = {0};
	unsigned bits = 0;

	/* No more than is needed; a kernel that knows no sizes has 40. */
	cr_assert_eq(kvm_host_ipa_bits(52, 0x80000000, &bits, &err), 0);
	cr_assert_eq(bits, 40);
	cr_assert_eq(kvm_host_ipa_bits(0, 1ULL << 40, &bits, &err), 0);
	cr_assert_eq(bits, 40);
	/* A host with less: RAM up to the end of it, and not a byte more. */
	cr_assert_eq(kvm_host_ipa_bits(36, 1ULL << 36, &bits, &err), 0);
	cr_assert_eq(bits, 36);
	cr_assert_eq(kvm_host_ipa_bits(36, (1ULL << 36) + 4096, &bits, &err), -1);
	cr_assert_eq(err.kind, ERROR_UNAVAILABLE);
	cr_assert_not_null(strstr(err.text, "36 bits"), "%s", err.text);
	cr_assert_eq(kvm_host_ipa_bits(52, (1ULL << 40) + 1, &bits, &err), -1);
}

/* Each entry of the table says what it is for: `god kvm info` prints it. */
Test(kvm_host, capabilities)
{
	unsigned count = 0;

	for (const struct kvm_capability *c = kvm_capabilities; c->name; c++, count++) {
		cr_assert_geq(c->number, 0);
		cr_assert_gt(strlen(c->purpose), 8);
	}
	cr_assert_geq(count, 10);
}
