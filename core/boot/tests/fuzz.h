/*
 * Fuzzing of what the user gives to boot: files made of the fuzzer's bytes, and what must hold of a
 * machine that was loaded from them.
 */
#ifndef GOD_CORE_BOOT_TESTS_FUZZ_H
#define GOD_CORE_BOOT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "core/boot/boot.h"

/* A file of these bytes, in memory, under a path that boot_load() can open. Each call makes another
 * file and ends the one before; `slot` 0 or 1, for two at a time. */
const char *fuzz_file(unsigned slot, const void *bytes, size_t len);

/*
 * Load into one and the same small machine, which is reset afterwards. 0, or -1 when the files were
 * refused. Aborts when the error is none that can be printed, or the loaded machine none that can run: vCPU 0
 * begins in RAM, with a valid device tree.
 */
int fuzz_boot(const struct boot_config *config);

#endif
