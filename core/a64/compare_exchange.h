/*
 * Compare and swap of 16 bytes, which C compilers reach in a different way on each host.
 */
#ifndef GOD_CORE_A64_COMPARE_EXCHANGE_H
#define GOD_CORE_A64_COMPARE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * If *host (16 bytes, aligned to 16) equals old[], store new[] and return true; else return false.
 * old[] gets what was there, either way. Atomic and sequentially consistent.
 */
bool a64_compare_exchange128(void *host, uint64_t old[2], const uint64_t new[2]);

#endif
