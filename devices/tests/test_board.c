/*
 * The whole board: every device answers where board.h says, the device tree describes what is
 * there, and a reset brings all of it back.
 */
#include <criterion/criterion.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "devices/board.h"
#include "devices/exit.h"
#include "devices/pl011.h"
#include "devices/tests/machine.h"

static struct vm *vm;
static struct board board;
static void *fdt;

static void begin(void)
{
	const struct devicetree_options options = {.append = "quiet"};
	struct error err = {0};
	size_t size;

	vm = machine_create(4, false);
	cr_assert_eq(board_create(vm, &board, NULL, &err), 0, "%s", err.text);
	cr_assert_eq(devicetree_build(vm, &options, &fdt, &size, &err), 0, "%s", err.text);
	cr_assert_eq(fdt_check_full(fdt, size), 0);
}

static void end(void)
{
	free(fdt);
	vm_destroy(vm);
}

TestSuite(board, .init = begin, .fini = end, .timeout = 10);

static int node(const char *compatible)
{
	int offset = fdt_node_offset_by_compatible(fdt, -1, compatible);

	cr_assert_geq(offset, 0, "no node %s", compatible);
	return offset;
}

static const fdt32_t *cells(int offset, const char *name, int count)
{
	int len;
	const fdt32_t *value = fdt_getprop(fdt, offset, name, &len);

	cr_assert_not_null(value, "no %s", name);
	cr_assert_eq(len, count * 4);
	return value;
}

/* The node's first range and, with an INTID, its interrupt. */
static void sits_at(const char *compatible, uint64_t base, unsigned intid)
{
	int offset = node(compatible);
	const fdt64_t *reg = fdt_getprop(fdt, offset, "reg", NULL);

	cr_assert_not_null(reg);
	cr_expect_eq(fdt64_ld(reg), base, "%s", compatible);
	if (!intid)
		return;

	const fdt32_t *irq = cells(offset, "interrupts", 3);

	cr_expect_eq(fdt32_ld(irq), 0, "an SPI");
	cr_expect_eq(fdt32_ld(irq + 1), intid - 32);
	cr_expect_eq(fdt32_ld(irq + 2), TRIGGER_LEVEL_HIGH);
}

Test(board, tree_says_what_sits_where)
{
	sits_at("arm,gic-v3", BOARD_GICD, 0);
	sits_at("arm,pl011", BOARD_PL011, BOARD_IRQ_PL011);
	sits_at("arm,pl031", BOARD_PL031, BOARD_IRQ_PL031);
	sits_at("arm,pl061", BOARD_PL061, BOARD_IRQ_PL061);
	sits_at("veleiro,exit", BOARD_EXIT, 0);
	node("arm,armv8-timer");
	cr_expect_eq(fdt_get_phandle(fdt, node("arm,gic-v3")), PHANDLE_GIC);
	cr_expect_eq(fdt_get_phandle(fdt, node("fixed-clock")), PHANDLE_CLOCK);
	cr_expect_eq(fdt32_ld(cells(node("arm,pl011"), "clocks", 2)), PHANDLE_CLOCK);
}

Test(board, power_key_is_on_the_gpio_port)
{
	int key = fdt_path_offset(fdt, "/gpio-keys/poweroff");
	const fdt32_t *gpios = cells(key, "gpios", 3);

	node("gpio-keys");
	cr_expect_eq(fdt32_ld(cells(key, "linux,code", 1)), 116, "KEY_POWER");
	cr_expect_eq(fdt32_ld(gpios), fdt_get_phandle(fdt, node("arm,pl061")));
	cr_expect_eq(fdt32_ld(gpios + 1), 3);
	cr_expect_not(board_press_power_key(&board), "nobody listens yet");
	machine_write(vm, 0, BOARD_PL061 + 0x410, 4, 1 << 3);
	cr_expect(board_press_power_key(&board));
	cr_expect_eq(machine_read(vm, 0, BOARD_PL061 + (8 << 2), 4), 8);
}

Test(board, message_controllers_are_the_gics_children)
{
	int its = node("arm,gic-v3-its");

	cr_expect_eq(fdt_parent_offset(fdt, its), node("arm,gic-v3"));
	sits_at("arm,gic-v3-its", BOARD_ITS, 0);
	cr_expect_not_null(fdt_getprop(fdt, its, "msi-controller", NULL));
	cr_expect_eq(fdt_get_phandle(fdt, its), PHANDLE_ITS);
	cr_expect_not_null(board.its);
	cr_expect_eq(machine_read(vm, 0, BOARD_ITS + 0xffe8, 4) >> 4 & 15, 3, "GITS_PIDR2");
}

Test(board, console_is_where_the_tree_says)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	const char *path = fdt_getprop(fdt, chosen, "stdout-path", NULL);

	cr_assert_not_null(path);
	cr_expect_str_eq(path, "/pl011@9000000");
	cr_expect_eq(fdt_path_offset(fdt, path), node("arm,pl011"));
	cr_expect_eq(fdt_path_offset(fdt, "serial0"), node("arm,pl011"));
}

Test(board, devices_answer)
{
	cr_expect_eq(machine_read(vm, 0, BOARD_PL011 + 0xfe0, 4), 0x11);
	cr_expect_eq(machine_read(vm, 0, BOARD_PL031 + 0xfe0, 4), 0x31);
	cr_expect_eq(machine_read(vm, 0, BOARD_EXIT + EXIT_DEVICE_ID, 4), EXIT_DEVICE_MAGIC);
	cr_expect_eq(machine_read(vm, 0, BOARD_GICD + 0xffe8, 4) >> 4 & 15, 3, "GICD_PIDR2");
	machine_write(vm, 0, BOARD_PL011, 1, 'x'); /* without a back end: into the void */
	cr_expect_eq(pl011_receive(board.console, (const uint8_t *)"x", 1), 0);
}

/* A device's line arrives at the GIC as the INTID in the tree: GICD_ISPENDR says so. */
Test(board, lines_end_at_the_gic)
{
	machine_write(vm, 0, BOARD_EXIT + EXIT_DEVICE_LINES, 4, 1);
	cr_expect(machine_read(vm, 0, BOARD_GICD + 0x204, 4) >> (BOARD_IRQ_EXIT - 32) & 1);
	machine_write(vm, 0, BOARD_EXIT + EXIT_DEVICE_LINES, 4, 0);
	cr_expect_not(machine_read(vm, 0, BOARD_GICD + 0x204, 4) >> (BOARD_IRQ_EXIT - 32) & 1);
}

Test(board, reset_brings_everything_back)
{
	struct error err = {0};

	machine_write(vm, 0, BOARD_EXIT + EXIT_DEVICE_SCRATCH, 4, 5);
	machine_write(vm, 0, BOARD_PL011 + 0x30, 4, 0);
	cr_assert_eq(vm_reset(vm, &err), 0, "%s", err.text);
	cr_expect_eq(machine_read(vm, 0, BOARD_EXIT + EXIT_DEVICE_SCRATCH, 4), 0);
	cr_expect_eq(machine_read(vm, 0, BOARD_PL011 + 0x30, 4), 0x300);
}

Test(board, gicv2_takes_the_place_of_gicv3)
{
	struct error err = {0};
	size_t size;

	end();
	vm = machine_create(2, false);
	vm->config.gic = 2;
	cr_assert_eq(board_create(vm, &board, NULL, &err), 0, "%s", err.text);
	cr_assert_eq(devicetree_build(vm, &(struct devicetree_options){0}, &fdt, &size, &err), 0);
	sits_at("arm,cortex-a15-gic", BOARD_GICD, 0);
	cr_expect_eq(fdt_get_phandle(fdt, node("arm,cortex-a15-gic")), PHANDLE_GIC);
	cr_expect_lt(fdt_node_offset_by_compatible(fdt, -1, "arm,gic-v3"), 0);
	cr_expect_eq(machine_read(vm, 0, BOARD_GICD + 0xfe8, 4) >> 4 & 15, 2, "GICD_PIDR2");
	cr_expect_eq(machine_read(vm, 0, BOARD_GICC + 0xc, 4), 1023, "GICC_IAR");
	cr_expect_null(bus_find(&vm->bus, BOARD_GICR, 4));
	cr_expect_null(bus_find(&vm->bus, BOARD_ITS, 4));
	sits_at("arm,gic-v2m-frame", BOARD_GICV2M, 0);
	cr_expect_eq(fdt_parent_offset(fdt, node("arm,gic-v2m-frame")), node("arm,cortex-a15-gic"));
	cr_expect_eq(machine_read(vm, 0, BOARD_GICV2M + 8, 4), BOARD_IRQ_MSI << 16 | BOARD_MSIS);
	machine_write(vm, 0, BOARD_EXIT + EXIT_DEVICE_LINES, 4, 1);
	cr_expect(machine_read(vm, 0, BOARD_GICD + 0x204, 4) >> (BOARD_IRQ_EXIT - 32) & 1);
}
