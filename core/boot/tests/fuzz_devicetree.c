/*
 * Fuzz target: the device tree that --dtb brings, to which the command line and an initramfs are
 * added.
 */
#include "core/boot/tests/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct boot_config config = {
		.kernel = fuzz_file(0, "kernel", 6),
		.dtb = fuzz_file(1, bytes, len),
		.append = "console=ttyAMA0",
		.allow_raw = true,
	};

	fuzz_boot(&config);
	config.append = NULL;
	config.initramfs = config.kernel;
	fuzz_boot(&config);
	return 0;
}
