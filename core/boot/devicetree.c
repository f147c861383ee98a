/*
 * The flattened device tree (Devicetree Specification 0.4). The tree is written front to back by
 * libfdt's sequential interface: the machine's own nodes here, then each device's from its own
 * file. What depends on the boot (command line, initramfs, seeds) goes into /chosen afterwards, the
 * same way whether the tree was generated here or came from a file.
 */
#include "core/boot/devicetree.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"

#define INITIAL_BYTES	    ((size_t)64 << 10)
#define CHOSEN_BYTES	    1024 /* what fill_chosen() may add beside the command line */
#define NODE_NAME_MAX	    64
#define RNG_SEED_BYTES	    64
#define APB_CLOCK_HZ	    24000000
#define MPIDR_AFFINITY_MASK 0x00ffffffu /* Aff2 to Aff0: one address cell */

/* Interrupt specifier of the GIC's binding: type, number, trigger. */
#define GIC_SPI 0
#define GIC_PPI 1

/* --- Helpers for device_ops.describe --------------------------------------------------------- */

int devicetree_begin(void *fdt, const char *name, uint64_t unit_address)
{
	char full[NODE_NAME_MAX];

	snprintf(full, sizeof(full), "%s@%" PRIx64, name, unit_address);
	return fdt_begin_node(fdt, full);
}

int devicetree_end(void *fdt)
{
	return fdt_end_node(fdt);
}

int devicetree_reg(void *fdt, const uint64_t (*ranges)[2], unsigned count)
{
	fdt64_t *cells;
	int rc = fdt_property_placeholder(fdt, "reg", (int)(count * sizeof(*ranges)),
					  (void **)&cells);

	if (rc)
		return rc;
	for (unsigned i = 0; i < count; i++) {
		fdt64_st(cells + 2 * i, ranges[i][0]);
		fdt64_st(cells + 2 * i + 1, ranges[i][1]);
	}
	return 0;
}

int devicetree_cells(void *fdt, const char *property, const uint32_t *cells, unsigned count)
{
	fdt32_t *to;
	int rc = fdt_property_placeholder(fdt, property, (int)(count * sizeof(*to)), (void **)&to);

	if (rc)
		return rc;
	for (unsigned i = 0; i < count; i++)
		fdt32_st(to + i, cells[i]);
	return 0;
}

int devicetree_interrupt(void *fdt, unsigned intid, enum devicetree_trigger trigger)
{
	const uint32_t cells[] = {
		intid < IRQ_SPI_BASE ? GIC_PPI : GIC_SPI,
		intid < IRQ_SPI_BASE ? intid - IRQ_PPI_BASE : intid - IRQ_SPI_BASE,
		trigger,
	};

	return devicetree_cells(fdt, "interrupts", cells, 3);
}

int devicetree_u32(void *fdt, const char *property, uint32_t value)
{
	return fdt_property_u32(fdt, property, value);
}

int devicetree_string(void *fdt, const char *property, const char *value)
{
	return fdt_property_string(fdt, property, value);
}

int devicetree_strings(void *fdt, const char *property, const char *const *values)
{
	size_t len = 0;
	char *to;
	int rc;

	for (const char *const *v = values; *v; v++)
		len += strlen(*v) + 1;
	rc = fdt_property_placeholder(fdt, property, (int)len, (void **)&to);
	if (rc)
		return rc;
	for (const char *const *v = values; *v; v++)
		to = stpcpy(to, *v) + 1;
	return 0;
}

/* --- The machine's own nodes ----------------------------------------------------------------- */

static int write_root(void *fdt)
{
	static const char *const compatible[] = {"veleiro,god", "linux,dummy-virt", NULL};
	int rc;

	if ((rc = devicetree_u32(fdt, "#address-cells", 2)) ||
	    (rc = devicetree_u32(fdt, "#size-cells", 2)) ||
	    (rc = devicetree_u32(fdt, "interrupt-parent", PHANDLE_GIC)) ||
	    (rc = devicetree_strings(fdt, "compatible", compatible)))
		return rc;
	return devicetree_string(fdt, "model", "Veleiro God virtual machine");
}

static int write_chosen(struct vm *vm, void *fdt)
{
	int rc = fdt_begin_node(fdt, "chosen");

	if (!rc && vm->stdout_path)
		rc = devicetree_string(fdt, "stdout-path", vm->stdout_path);
	return rc ? rc : devicetree_end(fdt);
}

/* The console under its customary name, so that it is ttyAMA0 whatever else there is. */
static int write_aliases(struct vm *vm, void *fdt)
{
	int rc;

	if (!vm->stdout_path)
		return 0;
	if ((rc = fdt_begin_node(fdt, "aliases")) ||
	    (rc = devicetree_string(fdt, "serial0", vm->stdout_path)))
		return rc;
	return devicetree_end(fdt);
}

static int write_memory(struct vm *vm, void *fdt)
{
	const uint64_t reg[1][2] = {{vm->memory.base, vm->memory.size}};
	int rc;

	if ((rc = devicetree_begin(fdt, "memory", vm->memory.base)) ||
	    (rc = devicetree_string(fdt, "device_type", "memory")) ||
	    (rc = devicetree_reg(fdt, reg, 1)))
		return rc;
	return devicetree_end(fdt);
}

static int write_cpu(const struct vcpu *vcpu, void *fdt)
{
	uint32_t affinity = (uint32_t)vcpu->mpidr & MPIDR_AFFINITY_MASK;
	int rc;

	if ((rc = devicetree_begin(fdt, "cpu", affinity)) ||
	    (rc = devicetree_string(fdt, "device_type", "cpu")) ||
	    (rc = devicetree_string(fdt, "compatible", "arm,armv8")) ||
	    (rc = devicetree_u32(fdt, "reg", affinity)) ||
	    (rc = devicetree_string(fdt, "enable-method", "psci")) ||
	    (rc = devicetree_u32(fdt, "phandle", PHANDLE_CPU_BASE + vcpu->index)))
		return rc;
	return devicetree_end(fdt);
}

static int write_cpus(struct vm *vm, void *fdt)
{
	int rc;

	if ((rc = fdt_begin_node(fdt, "cpus")) || (rc = devicetree_u32(fdt, "#address-cells", 1)) ||
	    (rc = devicetree_u32(fdt, "#size-cells", 0)))
		return rc;
	for (unsigned i = 0; i < vm->cpus; i++) {
		rc = write_cpu(&vm->vcpus[i], fdt);
		if (rc)
			return rc;
	}
	return devicetree_end(fdt);
}

static int write_psci(void *fdt)
{
	static const char *const compatible[] = {"arm,psci-1.0", "arm,psci-0.2", NULL};
	int rc;

	if ((rc = fdt_begin_node(fdt, "psci")) ||
	    (rc = devicetree_strings(fdt, "compatible", compatible)) ||
	    (rc = devicetree_string(fdt, "method", "hvc")))
		return rc;
	return devicetree_end(fdt);
}

static int write_clock(void *fdt)
{
	int rc;

	if ((rc = fdt_begin_node(fdt, "apb-pclk")) ||
	    (rc = devicetree_string(fdt, "compatible", "fixed-clock")) ||
	    (rc = devicetree_u32(fdt, "#clock-cells", 0)) ||
	    (rc = devicetree_u32(fdt, "clock-frequency", APB_CLOCK_HZ)) ||
	    (rc = devicetree_string(fdt, "clock-output-names", "clk24mhz")) ||
	    (rc = devicetree_u32(fdt, "phandle", PHANDLE_CLOCK)))
		return rc;
	return devicetree_end(fdt);
}

static int write_devices(struct vm *vm, void *fdt)
{
	for (struct device *device = vm->devices; device; device = device->next) {
		int rc = device->ops->describe ? device->ops->describe(device, fdt) : 0;

		if (rc)
			return rc;
	}
	return 0;
}

static int write_tree(struct vm *vm, void *fdt, size_t capacity)
{
	int rc;

	if ((rc = fdt_create(fdt, (int)capacity)) || (rc = fdt_finish_reservemap(fdt)) ||
	    (rc = fdt_begin_node(fdt, "")) || (rc = write_root(fdt)) ||
	    (rc = write_chosen(vm, fdt)) || (rc = write_aliases(vm, fdt)) ||
	    (rc = write_memory(vm, fdt)) || (rc = write_cpus(vm, fdt)) || (rc = write_psci(fdt)) ||
	    (rc = write_clock(fdt)) || (rc = write_devices(vm, fdt)) || (rc = fdt_end_node(fdt)))
		return rc;
	return fdt_finish(fdt);
}

/* --- /chosen --------------------------------------------------------------------------------- */

static int set_initrd(const struct devicetree_options *options, void *fdt, int chosen)
{
	int rc;

	if (options->initrd_start == options->initrd_end) {
		fdt_delprop(fdt, chosen, "linux,initrd-start");
		fdt_delprop(fdt, chosen, "linux,initrd-end");
		return 0;
	}
	if ((rc = fdt_setprop_u64(fdt, chosen, "linux,initrd-start", options->initrd_start)))
		return rc;
	return fdt_setprop_u64(fdt, chosen, "linux,initrd-end", options->initrd_end);
}

/* Entropy from the first instruction on, and a place for KASLR to begin. */
static int set_seeds(struct vm *vm, void *fdt, int chosen)
{
	uint8_t rng_seed[RNG_SEED_BYTES];
	uint64_t kaslr_seed;
	int rc;

	vm_random(vm, rng_seed, sizeof(rng_seed));
	vm_random(vm, &kaslr_seed, sizeof(kaslr_seed));
	if ((rc = fdt_setprop(fdt, chosen, "rng-seed", rng_seed, sizeof(rng_seed))))
		return rc;
	return fdt_setprop_u64(fdt, chosen, "kaslr-seed", kaslr_seed);
}

static int fill_chosen(struct vm *vm, const struct devicetree_options *options, void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	int rc;

	if (chosen == -FDT_ERR_NOTFOUND)
		chosen = fdt_add_subnode(fdt, 0, "chosen");
	if (chosen < 0)
		return chosen;
	if (options->append && (rc = fdt_setprop_string(fdt, chosen, "bootargs", options->append)))
		return rc;
	if ((rc = set_initrd(options, fdt, chosen)))
		return rc;
	return set_seeds(vm, fdt, chosen);
}

/* A copy of the tree with /chosen filled in, as short as can be. */
static int finish(struct vm *vm, const struct devicetree_options *options, const void *fdt,
		  void **blob, size_t *size, struct error *err)
{
	size_t room = fdt_totalsize(fdt) + CHOSEN_BYTES;
	int rc;

	if (options->append)
		room += strlen(options->append);
	if (room > DEVICETREE_MAX)
		return error_set(err, ERROR_USAGE, "the device tree is larger than 2 MiB");

	void *copy = malloc(room);

	if (!copy)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the device tree");
	if ((rc = fdt_open_into(fdt, copy, (int)room)) || (rc = fill_chosen(vm, options, copy)) ||
	    (rc = fdt_pack(copy))) {
		free(copy);
		return error_set(err, ERROR_BAD_DATA, "cannot write the device tree: %s",
				 fdt_strerror(rc));
	}
	*blob = copy;
	*size = fdt_totalsize(copy);
	return 0;
}

/* --- Both kinds of tree ---------------------------------------------------------------------- */

int devicetree_build(struct vm *vm, const struct devicetree_options *options, void **blob,
		     size_t *size, struct error *err)
{
	size_t capacity = INITIAL_BYTES;
	void *fdt = NULL;
	int rc = -FDT_ERR_NOSPACE;

	for (; rc == -FDT_ERR_NOSPACE && capacity <= DEVICETREE_MAX; capacity *= 2) {
		free(fdt);
		fdt = malloc(capacity);
		if (!fdt)
			return error_set(err, ERROR_NO_MEMORY, "no memory for the device tree");
		rc = write_tree(vm, fdt, capacity);
	}
	if (rc)
		error_set(err, ERROR_INTERNAL, "cannot write the device tree: %s",
			  fdt_strerror(rc));
	else
		rc = finish(vm, options, fdt, blob, size, err);
	free(fdt);
	return rc ? -1 : 0;
}

int devicetree_adopt(struct vm *vm, const struct devicetree_options *options, const char *name,
		     const void *bytes, size_t len, void **blob, size_t *size, struct error *err)
{
	int rc = fdt_check_full(bytes, len);

	if (rc)
		return error_set(err, ERROR_BAD_DATA, "%s: not a valid device tree (%s)", name,
				 fdt_strerror(rc));
	return finish(vm, options, bytes, blob, size, err);
}
