/*
 * The board: which device sits where, on which interrupt. The addresses are those of QEMU's `virt`
 * machine, so that one bare-metal image can be run on either and compared.
 *
 *	0x0800_0000  GICD                                   0x0900_0000  PL011   SPI 1
 *	0x0801_0000  GICv2 CPU interface                    0x0901_0000  PL031   SPI 2
 *	0x0802_0000  GICv2m                                 0x0903_0000  PL061   SPI 7
 *	0x0808_0000  GICv3 ITS                              0x090f_0000  exit device, SPI 8 to 15
 *	0x080a_0000  GICv3 redistributors, 128 KiB a vCPU   0x0a00_0000  virtio-mmio, SPI 16 + slot
 *	                                                    0x4000_0000  RAM
 */
#ifndef GOD_DEVICES_BOARD_H
#define GOD_DEVICES_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct vm;
struct its;
struct pl011;
struct pl061;
struct power_key;
struct virtio_slot;

#define BOARD_GICD	       0x08000000ULL
#define BOARD_GICC	       0x08010000ULL
#define BOARD_GICV2M	       0x08020000ULL
#define BOARD_ITS	       0x08080000ULL
#define BOARD_GICR	       0x080a0000ULL
#define BOARD_PL011	       0x09000000ULL
#define BOARD_PL031	       0x09010000ULL
#define BOARD_PL061	       0x09030000ULL
#define BOARD_EXIT	       0x090f0000ULL
#define BOARD_VIRTIO	       0x0a000000ULL
#define BOARD_VIRTIO_SLOT_SIZE 0x200ULL
#define BOARD_VIRTIO_SLOTS     32

/* Absolute INTIDs. */
#define BOARD_IRQ_PL011	 (32 + 1)
#define BOARD_IRQ_PL031	 (32 + 2)
#define BOARD_IRQ_PL061	 (32 + 7)
#define BOARD_IRQ_EXIT	 (32 + 8) /* eight test lines: devices/exit.h */
#define BOARD_IRQ_VIRTIO (32 + 16)
#define BOARD_IRQ_MSI	 (32 + 48) /* GICv2m: 64 of them */
#define BOARD_IRQ_VTIMER 27
#define BOARD_IRQ_PTIMER 30
#define BOARD_IRQ_PMU	 23
#define BOARD_MSIS	 64
#define BOARD_SPIS	 224 /* SPIs 32 to 255 */

/* Where the console's bytes go and come from: devices/serial.h. */
struct serial_backend;

struct board {
	/* Owned by the VM's device list. */
	struct pl011 *console;
	struct pl061 *gpio;
	struct power_key *power_key;
	struct its *its;       /* NULL: none of ours */
	unsigned virtio_slots; /* that are taken */
};

/*
 * Create all devices of the board in `vm`. `serial` (borrowed; must outlive the VM) receives the
 * console's output and is told when there is room for input; NULL discards output.
 */
int board_create(struct vm *vm, struct board *board, const struct serial_backend *serial,
		 struct error *err);

/*
 * Where the next virtio device goes: ask before creating one, between board_create() and boot_load().
 * ERROR_USAGE: the board has no more slots.
 */
int board_take_slot(struct board *board, struct virtio_slot *slot, struct error *err);

/*
 * Press the power key, by which an operating system is asked to shut down. False when the guest
 * does not listen to it. Any thread, while the VM is there.
 */
bool board_press_power_key(struct board *board);

#endif
