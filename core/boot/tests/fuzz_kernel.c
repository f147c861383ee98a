/*
 * Fuzz target: kernel files. An Image, one in a gzip file, an ELF file, or a flat binary.
 */
#include "core/boot/tests/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct boot_config config = {.kernel = fuzz_file(0, bytes, len)};

	/* Whatever has no magic number is refused at first. */
	if (fuzz_boot(&config)) {
		config.allow_raw = true;
		fuzz_boot(&config);
	}
	return 0;
}
