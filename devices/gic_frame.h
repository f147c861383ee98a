/*
 * What the register frames of a GICv3 and its ITS have in common: identification registers at the
 * end, and 64-bit registers that may be accessed by halves. Private to devices/gic*.c and its*.c.
 */
#ifndef GOD_DEVICES_GIC_FRAME_H
#define GOD_DEVICES_GIC_FRAME_H

#include <stdint.h>

/* GICD_IIDR, GICR_IIDR, GITS_IIDR: product 'G', implementer Arm. */
#define GIC_IIDR 0x4700043b

/* Part numbers, as Arm's GICs have them. */
#define GIC_PART_GICD 0x492
#define GIC_PART_GICR 0x493
#define GIC_PART_GITS 0x494

/*
 * The identification registers at 0xffd0 to 0xffff of a frame (IHI 0069, 12.1.13): PIDR4 to PIDR7,
 * PIDR0 to PIDR3, CIDR0 to CIDR3. PIDR2 says GICv3.
 */
#define GIC_ID_REGISTERS 0xffd0
static inline uint32_t gic_id_register(uint64_t offset, unsigned part)
{
	static const uint8_t fixed[] = {0x44, 0, 0, 0, 0, 0xb0, 0x3b, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
	unsigned index = (offset - GIC_ID_REGISTERS) / 4;

	switch (index) {
	case 4: return part & 0xff;		 /* PIDR0 */
	case 5: return fixed[index] | part >> 8; /* PIDR1 */
	default: return fixed[index];
	}
}

/* A 32-bit half, or all, of a 64-bit register, for an access of 4 or 8 bytes at `offset`. */
static inline uint64_t gic_half_read(uint64_t value, uint64_t offset, unsigned size)
{
	return size == 8 ? value : (uint32_t)(value >> (offset & 4) * 8);
}

/* The register's new value. */
static inline uint64_t gic_half_write(uint64_t old, uint64_t offset, unsigned size, uint64_t value)
{
	if (size == 8)
		return value;
	return offset & 4 ? (uint32_t)old | value << 32 : (old & ~0xffffffffULL) | (uint32_t)value;
}

#endif
