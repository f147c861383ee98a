/*
 * The exit device: how a test program ends its run and says how it went, and a few wires to test
 * the rest of the machine with. Registers of 32 bits, in a frame of 4 KiB:
 *
 *	0x00  EXIT     w   ends the VM; the exit status is bits [7:0]. Any access size will do.
 *	0x04  SCRATCH  rw  keeps what is written; 0 out of reset
 *	0x08  ID       r   0x21444f47, "GOD!" in memory order
 *	0x0c  CPUS     r   number of vCPUs
 *	0x10  LINES    rw  bits [7:0]: levels of eight interrupt lines, SPI 8 to 15 (INTID 40 to
 *	                   47); 0 out of reset
 *
 * Everything else reads as zero and ignores writes; so do accesses of another size than 1, 2 or 4
 * bytes, but for EXIT.
 */
#ifndef GOD_DEVICES_EXIT_H
#define GOD_DEVICES_EXIT_H

#include <stdint.h>

#include "core/error.h"

struct vm;

#define EXIT_DEVICE_SIZE    0x1000ULL
#define EXIT_DEVICE_EXIT    0x00
#define EXIT_DEVICE_SCRATCH 0x04
#define EXIT_DEVICE_ID	    0x08
#define EXIT_DEVICE_CPUS    0x0c
#define EXIT_DEVICE_LINES   0x10

#define EXIT_DEVICE_MAGIC      0x21444f47u
#define EXIT_DEVICE_LINE_COUNT 8

/*
 * Create the device, place it on the bus and add it to the VM, which owns it. `intid` is the
 * first of EXIT_DEVICE_LINE_COUNT. 0 or -1.
 */
int exit_create(struct vm *vm, uint64_t base, unsigned intid, struct error *err);

#endif
