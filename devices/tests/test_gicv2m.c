/*
 * The GICv2m in front of a GICv2.
 */
#include <criterion/criterion.h>

#include "devices/gicv2m.h"
#include "devices/tests/gicv2_rig.h"

#define BASE  0x08020000ULL
#define FIRST 80
#define COUNT 64

static struct gicv2_rig rig_here, *rig = &rig_here;

static void create(void)
{
	const struct gic_layout layout = {.msi = BASE, .msi_first = FIRST, .msi_count = COUNT};
	struct error err = {0};

	v2_create(rig, 2);
	cr_assert_eq(gicv2m_create(rig->vm, &layout, &err), 0, "%s", err.text);
}

static void destroy(void)
{
	v2_destroy(rig);
}

TestSuite(gicv2m, .init = create, .fini = destroy);

static void message(unsigned size, uint64_t value)
{
	machine_write(rig->vm, 0, BASE + 0x40, size, value);
}

Test(gicv2m, says_which_spis_are_its)
{
	uint32_t typer = machine_read(rig->vm, 0, BASE + 0x008, 4);

	cr_assert_eq(typer >> 16 & 0x3ff, FIRST);
	cr_assert_eq(typer & 0x3ff, COUNT);
	cr_assert_eq(machine_read(rig->vm, 0, BASE + 0xfcc, 4) & 0xfff, 0x43b, "MSI_IIDR");
	cr_assert_eq(machine_read(rig->vm, 0, BASE + 0x040, 4), 0, "MSI_SETSPI is write-only");
}

Test(gicv2m, message_is_an_edge)
{
	v2_edge(rig, FIRST + 3, true);
	v2_interrupt(rig, 1, FIRST + 3, 0, 0xa0);
	message(4, FIRST + 3);
	cr_assert(v2_irq(rig, 1));
	cr_assert_eq(v2_gicc(rig, 1, GICC_IAR), FIRST + 3);
	message(2, FIRST + 3);
	v2_gicc_write(rig, 1, GICC_EOIR, FIRST + 3);
	cr_assert_eq(v2_gicc(rig, 1, GICC_IAR), FIRST + 3, "the one that came meanwhile");
	v2_gicc_write(rig, 1, GICC_EOIR, FIRST + 3);
	cr_assert_not(v2_irq(rig, 1));
}

Test(gicv2m, numbers_that_are_not_its_are_ignored)
{
	static const uint32_t bad[] = {0, 15, 27, 33, FIRST - 1, FIRST + COUNT, 1023};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (bad[i] >= 32 && bad[i] < 256)
			v2_edge(rig, bad[i], true);
		message(4, bad[i]);
	}
	v2_edge(rig, FIRST, true);
	message(1, FIRST);
	message(8, FIRST);
	for (unsigned i = 0; i < 8; i++)
		cr_assert_eq(v2_gicd(rig, 0, ISPENDR + 4 * i), 0);
}
