/*
 * The flattened device tree, made by libfdt's sequential-write interface from the devices' own
 * nodes. The helpers here write the properties that most nodes have.
 */
#ifndef GOD_CORE_BOOT_DEVICETREE_H
#define GOD_CORE_BOOT_DEVICETREE_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct vm;

#define DEVICETREE_MAX ((size_t)2 << 20) /* bytes; booting.rst, 2 */

/* Phandles: nodes that others refer to. */
enum devicetree_phandle {
	PHANDLE_GIC = 1,
	PHANDLE_CLOCK, /* the fixed 24 MHz clock "apb-pclk" */
	PHANDLE_ITS,
	PHANDLE_GPIO,
	PHANDLE_CPU_BASE = 0x100, /* + vCPU index */
};

struct devicetree_options {
	const char *append;		   /* bootargs, or NULL */
	uint64_t initrd_start, initrd_end; /* equal: none */
};

/*
 * Build the tree of the whole machine: root (#address-cells 2, #size-cells 2, interrupt-parent
 * the GIC), chosen, memory, cpus, psci, apb-pclk, and every device's nodes. *blob is malloc'ed,
 * *size its length. The caller frees it.
 */
int devicetree_build(struct vm *vm, const struct devicetree_options *options, void **blob,
		     size_t *size, struct error *err);

/*
 * The same for a tree that the user brought: the `len` bytes at `bytes` are checked (ERROR_BAD_DATA
 * naming the file `name`), copied, and given the command line (when there is one), the initramfs'
 * place and new seeds in /chosen.
 */
int devicetree_adopt(struct vm *vm, const struct devicetree_options *options, const char *name,
		     const void *bytes, size_t len, void **blob, size_t *size, struct error *err);

/* For device_ops.describe; each returns 0 or a libfdt error. */
int devicetree_begin(void *fdt, const char *name, uint64_t unit_address); /* name@address */
int devicetree_end(void *fdt);
int devicetree_reg(void *fdt, const uint64_t (*ranges)[2], unsigned count); /* {address, size} */
/* One interrupt, three cells: SPI or PPI by absolute INTID. */
enum devicetree_trigger { TRIGGER_EDGE_RISING = 1, TRIGGER_LEVEL_HIGH = 4, TRIGGER_LEVEL_LOW = 8 };
int devicetree_interrupt(void *fdt, unsigned intid, enum devicetree_trigger trigger);
int devicetree_u32(void *fdt, const char *property, uint32_t value);
int devicetree_cells(void *fdt, const char *property, const uint32_t *cells, unsigned count);
int devicetree_string(void *fdt, const char *property, const char *value);
/* Several strings in one property, as for compatible; ended by NULL. */
int devicetree_strings(void *fdt, const char *property, const char *const *values);

#endif
