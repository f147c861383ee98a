/*
 * What Arm's PrimeCell peripherals (PL011, PL031, PL061) have in common: registers of 32 bits, four
 * bytes apart, in a frame of 4 KiB whose last eight words identify the part. Each word carries one
 * byte: four of the peripheral's ID, four of the PrimeCell's. Operating systems bind their
 * drivers by it.
 */
#ifndef GOD_DEVICES_PRIMECELL_H
#define GOD_DEVICES_PRIMECELL_H

#include <stdbool.h>
#include <stdint.h>

#define PRIMECELL_SIZE	    0x1000ULL
#define PRIMECELL_PERIPH_ID 0xfe0 /* PeriphID0 to PeriphID3 */
#define PRIMECELL_CELL_ID   0xff0 /* PCellID0 to PCellID3 */
#define PRIMECELL_CELL	    0xb105f00du

/* The peripheral's ID: part number, designer 'A', revision, configuration 0. */
#define PRIMECELL_PERIPH(part, revision) (0x41000u | (part) | (uint32_t)(revision) << 20)

/* An access that reaches a register: up to 32 bits wide, at a register's first byte. */
static inline bool primecell_access_ok(uint64_t offset, unsigned size)
{
	return size <= 4 && offset % 4 == 0;
}

/* Read an identification register; 0 for any other offset. */
static inline uint32_t primecell_read_id(uint32_t periph_id, uint64_t offset)
{
	if (offset < PRIMECELL_PERIPH_ID || offset >= PRIMECELL_SIZE)
		return 0;

	uint32_t id = offset < PRIMECELL_CELL_ID ? periph_id : PRIMECELL_CELL;

	return id >> (offset % 16 / 4 * 8) & 0xff;
}

/* The low `size` bytes of a register, as the bus wants them. */
static inline uint64_t primecell_narrow(uint32_t value, unsigned size)
{
	return size >= 4 ? value : value & ((1u << 8 * size) - 1);
}

#endif
