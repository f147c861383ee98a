/*
 * The GICv2 as a guest meets it: banked registers, the senders of SGIs, targets, groups, priorities,
 * and the two ways to end an interrupt.
 */
#include <criterion/criterion.h>
#include <libfdt.h>

#include "devices/gicv2.h"
#include "devices/tests/gicv2_rig.h"

static struct gicv2_rig rig_here, *rig = &rig_here;

static void create_open(void)
{
	v2_create(rig, 4);
}

static void create_reset(void)
{
	v2_create_reset(rig, 4);
}

static void destroy(void)
{
	v2_destroy(rig);
}

TestSuite(gicv2, .init = create_open, .fini = destroy);
TestSuite(gicv2_reset, .init = create_reset, .fini = destroy);

static uint32_t acknowledge(unsigned cpu)
{
	return v2_gicc(rig, cpu, GICC_IAR);
}

static void end(unsigned cpu, uint32_t value)
{
	v2_gicc_write(rig, cpu, GICC_EOIR, value);
}

/* --- Identification and reset --- */

Test(gicv2_reset, says_what_it_is)
{
	cr_assert_eq(v2_gicd(rig, 0, GICD_TYPER), 7 | 3 << 5, "256 INTIDs, 4 CPUs");
	cr_assert_eq(v2_gicd(rig, 0, 0xfe8) >> 4 & 0xf, 2, "GICD_PIDR2: GICv2");
	cr_assert_eq(v2_gicd(rig, 0, 0xff0) | v2_gicd(rig, 0, 0xff4) << 8 |
			     v2_gicd(rig, 0, 0xff8) << 16 | v2_gicd(rig, 0, 0xffc) << 24,
		     0xb105f00d, "CIDR");
	cr_assert_eq(v2_gicd(rig, 0, 8) & 0xfff, 0x43b, "GICD_IIDR");
	cr_assert_eq(v2_gicc(rig, 0, 0xfc) & 0xf0fff, 0x2043b, "GICC_IIDR: GICv2");
}

Test(gicv2_reset, begins_switched_off)
{
	cr_assert_eq(v2_gicd(rig, 0, GICD_CTLR), 0);
	for (unsigned cpu = 0; cpu < 4; cpu++) {
		cr_assert_eq(v2_gicc(rig, cpu, GICC_CTLR), 0);
		cr_assert_eq(v2_gicc(rig, cpu, GICC_PMR), 0);
		cr_assert_eq(v2_gicc(rig, cpu, GICC_BPR), 2, "five priority bits");
		cr_assert_eq(v2_gicc(rig, cpu, GICC_ABPR), 3);
		cr_assert_eq(v2_gicc(rig, cpu, GICC_RPR), IDLE);
		cr_assert_eq(acknowledge(cpu), SPURIOUS);
		cr_assert_eq(v2_gicd(rig, cpu, ISENABLER), 0xffff, "SGIs are always enabled");
		cr_assert_eq(v2_gicd(rig, cpu, ICFGR), 0xaaaaaaaa, "SGIs are edge-triggered");
		cr_assert_eq(v2_gicd(rig, cpu, IGROUPR), 0);
	}
}

Test(gicv2_reset, refuses_layouts_it_cannot_fulfil)
{
	static const unsigned bad[] = {0, 31, 33, 256, 1024};
	struct vm *large = machine_create(9, false);
	const struct gic_layout good = {.spis = SPIS};
	struct error err = {0};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const struct gic_layout layout = {.spis = bad[i]};

		cr_assert_eq(gicv2_create(rig->vm, &layout, &err), -1);
		cr_assert_eq(err.kind, ERROR_INTERNAL);
	}
	cr_assert_eq(gicv2_create(large, &good, &err), -1, "nine CPUs");
	cr_assert_eq(err.kind, ERROR_INTERNAL);
	vm_destroy(large);
}

Test(gicv2, reset_is_a_cold_start_with_wires_as_they_are)
{
	v2_interrupt(rig, 0, 27, 0, 0xa0);
	v2_wire(rig, 0, 27, true);
	cr_assert_eq(acknowledge(0), 27);
	v2_sgi(rig, 1, 3, 1);
	rig->vm->devices->ops->reset(rig->vm->devices);
	cr_assert_not(v2_irq(rig, 0));
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), IDLE);
	cr_assert_not(v2_bit(rig, 0, 27, ISENABLER));
	cr_assert_not(v2_bit(rig, 0, 3, ISPENDR));
	cr_assert_eq(v2_byte(rig, 0, 3, GICD_SPENDSGIR), 0);
	cr_assert(v2_bit(rig, 0, 27, ISPENDR), "the wire is still high");
}

Test(gicv2_reset, needs_all_switches)
{
	v2_interrupt(rig, 0, 27, 0, 0xa0);
	v2_wire(rig, 0, 27, true);
	cr_assert_not(v2_irq(rig, 0));
	v2_gicc_write(rig, 0, GICC_PMR, 0xff);
	v2_gicc_write(rig, 0, GICC_CTLR, 1);
	cr_assert_not(v2_irq(rig, 0), "the Distributor is off");
	v2_gicd_write(rig, 0, GICD_CTLR, 2);
	cr_assert_not(v2_irq(rig, 0), "the other group is on");
	v2_gicd_write(rig, 0, GICD_CTLR, 1);
	cr_assert(v2_irq(rig, 0));
	v2_gicc_write(rig, 0, GICC_CTLR, 2);
	cr_assert_not(v2_irq(rig, 0), "the other group is on in the CPU interface");
	v2_gicc_write(rig, 0, GICC_CTLR, 1);
	v2_gicc_write(rig, 0, GICC_PMR, 0xa0);
	cr_assert_not(v2_irq(rig, 0), "masked: not above the mask");
	cr_assert_eq(v2_gicc(rig, 0, GICC_HPPIR), 27);
	v2_gicc_write(rig, 0, GICC_PMR, 0xa8);
	cr_assert(v2_irq(rig, 0));
}

/* --- SGIs --- */

Test(gicv2, sgi_names_its_sender)
{
	v2_sgi(rig, 2, 5, 1 << 1);
	cr_assert(v2_irq(rig, 1));
	cr_assert_not(v2_irq(rig, 0) || v2_irq(rig, 2) || v2_irq(rig, 3));
	cr_assert_eq(v2_gicc(rig, 1, GICC_HPPIR), 2 << 10 | 5);
	cr_assert_eq(acknowledge(1), 2 << 10 | 5);
	cr_assert_not(v2_irq(rig, 1));
	cr_assert(v2_bit(rig, 1, 5, ISACTIVER));
	cr_assert_not(v2_bit(rig, 0, 5, ISACTIVER), "banked");
	end(1, 2 << 10 | 5);
	cr_assert_not(v2_bit(rig, 1, 5, ISACTIVER));
	cr_assert_eq(acknowledge(1), SPURIOUS);
}

Test(gicv2, sgi_comes_once_for_each_sender)
{
	v2_sgi(rig, 3, 5, 1);
	v2_sgi(rig, 1, 5, 1);
	v2_sgi(rig, 3, 5, 1);
	cr_assert_eq(acknowledge(0), 1 << 10 | 5, "the lowest sender first");
	cr_assert(v2_bit(rig, 0, 5, ISPENDR), "active and pending");
	cr_assert_not(v2_irq(rig, 0), "an active interrupt is not offered");
	end(0, 1 << 10 | 5);
	cr_assert(v2_irq(rig, 0));
	cr_assert_eq(acknowledge(0), 3 << 10 | 5);
	end(0, 3 << 10 | 5);
	cr_assert_not(v2_irq(rig, 0));
}

Test(gicv2, sgi_filters)
{
	v2_gicd_write(rig, 1, GICD_SGIR, 1u << 24 | 0xff << 16 | 1);
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_eq(v2_irq(rig, cpu), cpu != 1, "all but oneself");
	v2_gicd_write(rig, 1, GICD_SGIR, 2u << 24 | 0xf0 << 16 | 2);
	cr_assert_eq(acknowledge(1), 1 << 10 | 2, "oneself");
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_not(v2_bit(rig, cpu, 2, ISPENDR));
	v2_gicd_write(rig, 1, GICD_SGIR, 3u << 24 | 0xff << 16 | 3);
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_not(v2_bit(rig, cpu, 3, ISPENDR), "a reserved filter");
	v2_sgi(rig, 1, 4, 0xf0);
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_not(v2_bit(rig, cpu, 4, ISPENDR), "CPUs that are not there");
}

Test(gicv2, sgi_pending_registers)
{
	v2_byte_write(rig, 0, 7, GICD_SPENDSGIR, 0xf4);
	cr_assert_eq(v2_byte(rig, 0, 7, GICD_SPENDSGIR), 4, "CPUs that are not there");
	cr_assert_eq(v2_byte(rig, 0, 7, GICD_CPENDSGIR), 4);
	cr_assert_eq(v2_byte(rig, 1, 7, GICD_SPENDSGIR), 0, "banked");
	cr_assert(v2_irq(rig, 0));
	v2_gicd_write(rig, 0, GICD_SPENDSGIR + 4, 0x02000000);
	cr_assert_eq(v2_gicd(rig, 0, GICD_SPENDSGIR + 4), 0x06000000);
	v2_byte_write(rig, 0, 7, GICD_CPENDSGIR, 2);
	cr_assert(v2_irq(rig, 0), "one sender is left");
	v2_byte_write(rig, 0, 7, GICD_CPENDSGIR, 4);
	cr_assert_not(v2_irq(rig, 0));
	cr_assert_not(v2_bit(rig, 0, 7, ISPENDR));
}

Test(gicv2, sgi_is_not_for_the_other_pending_registers)
{
	v2_bit_write(rig, 0, 3, ISPENDR);
	cr_assert_not(v2_bit(rig, 0, 3, ISPENDR));
	v2_sgi(rig, 0, 3, 1);
	v2_bit_write(rig, 0, 3, ICPENDR);
	cr_assert(v2_irq(rig, 0));
	v2_bit_write(rig, 0, 3, ICENABLER);
	cr_assert(v2_irq(rig, 0), "SGIs are always enabled");
}

/* --- PPIs and SPIs --- */

Test(gicv2, ppi_is_each_cpus_own)
{
	v2_interrupt(rig, 2, 27, 0, 0xa0);
	v2_wire(rig, 1, 27, true);
	v2_wire(rig, 2, 27, true);
	cr_assert_not(v2_irq(rig, 1), "enabled for another");
	cr_assert(v2_irq(rig, 2));
	cr_assert_eq(acknowledge(2), 27);
	v2_wire(rig, 2, 27, false);
	end(2, 27);
	cr_assert_not(v2_irq(rig, 2));
	cr_assert_eq(v2_byte(rig, 1, 27, IPRIORITYR), 0);
	cr_assert_eq(v2_byte(rig, 2, 27, IPRIORITYR), 0xa0);
}

Test(gicv2, level_spi_comes_until_its_wire_falls)
{
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	cr_assert_eq(acknowledge(0), 40);
	end(0, 40);
	cr_assert(v2_irq(rig, 0));
	cr_assert_eq(acknowledge(0), 40);
	v2_wire(rig, 0, 40, false);
	end(0, 40);
	cr_assert_not(v2_irq(rig, 0));
}

Test(gicv2, edge_spi_comes_once_an_edge)
{
	v2_edge(rig, 40, true);
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	v2_wire(rig, 0, 40, false);
	cr_assert_eq(acknowledge(0), 40);
	v2_wire(rig, 0, 40, true);
	cr_assert_not(v2_irq(rig, 0));
	end(0, 40);
	cr_assert_eq(acknowledge(0), 40, "the edge that came meanwhile");
	end(0, 40);
	cr_assert_not(v2_irq(rig, 0));
}

Test(gicv2, targets)
{
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_eq(v2_gicd(rig, cpu, GICD_ITARGETSR), 0x01010101u << cpu,
			     "who reads is who private interrupts go to");
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	v2_byte_write(rig, 0, 40, GICD_ITARGETSR, 0);
	cr_assert_not(v2_irq(rig, 0), "to nobody");
	v2_byte_write(rig, 0, 40, GICD_ITARGETSR, 0xf8);
	cr_assert_eq(v2_byte(rig, 0, 40, GICD_ITARGETSR), 8, "CPUs that are not there");
	cr_assert(v2_irq(rig, 3));
	v2_gicd_write(rig, 0, GICD_ITARGETSR + 40, 0x02040102);
	cr_assert_eq(v2_gicd(rig, 0, GICD_ITARGETSR + 40), 0x02040102);
	cr_assert_not(v2_irq(rig, 3));
	cr_assert(v2_irq(rig, 1));
	v2_gicd_write(rig, 0, GICD_ITARGETSR, 0xffffffff);
	cr_assert_eq(v2_gicd(rig, 0, GICD_ITARGETSR), 0x01010101, "those are fixed");
}

Test(gicv2, spi_for_several_goes_to_the_first_who_takes_it)
{
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_byte_write(rig, 0, 40, GICD_ITARGETSR, 6);
	v2_wire(rig, 0, 40, true);
	cr_assert(v2_irq(rig, 1) && v2_irq(rig, 2));
	cr_assert_eq(acknowledge(2), 40);
	cr_assert_not(v2_irq(rig, 1));
	cr_assert_eq(acknowledge(1), SPURIOUS);
	end(2, 40);
	cr_assert(v2_irq(rig, 1) && v2_irq(rig, 2), "the wire is still high");
}

Test(gicv2_reset, one_cpu_needs_no_targets)
{
	struct gicv2_rig single;

	v2_create(&single, 1);
	v2_byte_write(&single, 0, 40, GICD_ITARGETSR, 0);
	v2_bit_write(&single, 0, 40, ISENABLER);
	v2_wire(&single, 0, 40, true);
	cr_assert(v2_irq(&single, 0));
	for (unsigned intid = 0; intid < 32 + SPIS; intid++)
		cr_assert_eq(v2_byte(&single, 0, intid, GICD_ITARGETSR), 0);
	v2_destroy(&single);
}

/* --- Groups --- */

Test(gicv2, group1_is_for_the_aliases)
{
	v2_interrupt(rig, 0, 40, 1, 0xa0);
	v2_wire(rig, 0, 40, true);
	cr_assert(v2_irq(rig, 0));
	cr_assert_eq(v2_gicc(rig, 0, GICC_HPPIR), 1022);
	cr_assert_eq(acknowledge(0), 1022);
	cr_assert(v2_irq(rig, 0), "it was not acknowledged");
	cr_assert_eq(v2_gicc(rig, 0, GICC_AHPPIR), 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_AIAR), 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_NSAPR0), 1u << (0xa0 >> 3));
	end(0, 40);
	cr_assert(v2_bit(rig, 0, 40, ISACTIVER), "the wrong register is ignored");
	v2_gicc_write(rig, 0, GICC_AEOIR, 40);
	cr_assert_not(v2_bit(rig, 0, 40, ISACTIVER));
	cr_assert_eq(v2_gicc(rig, 0, GICC_NSAPR0), 0);
}

Test(gicv2, group0_is_not_for_the_aliases)
{
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	cr_assert_eq(v2_gicc(rig, 0, GICC_AHPPIR), SPURIOUS);
	cr_assert_eq(v2_gicc(rig, 0, GICC_AIAR), SPURIOUS);
	cr_assert_eq(acknowledge(0), 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_APR0), 1u << (0xa0 >> 3));
	v2_gicc_write(rig, 0, GICC_AEOIR, 40);
	cr_assert(v2_bit(rig, 0, 40, ISACTIVER));
	end(0, 40);
	cr_assert_not(v2_bit(rig, 0, 40, ISACTIVER));
}

Test(gicv2, ackctl_opens_group1_to_all)
{
	v2_gicc_write(rig, 0, GICC_CTLR, GROUPS | ACKCTL);
	v2_interrupt(rig, 0, 40, 1, 0xa0);
	v2_wire(rig, 0, 40, true);
	cr_assert_eq(v2_gicc(rig, 0, GICC_HPPIR), 40);
	cr_assert_eq(acknowledge(0), 40);
	v2_wire(rig, 0, 40, false);
	end(0, 40);
	cr_assert_not(v2_bit(rig, 0, 40, ISACTIVER));
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), IDLE);
}

Test(gicv2, fiqen_makes_group0_fiqs)
{
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_interrupt(rig, 0, 41, 1, 0x80);
	v2_wire(rig, 0, 40, true);
	cr_assert(v2_irq(rig, 0) && !v2_fiq(rig, 0));
	v2_gicc_write(rig, 0, GICC_CTLR, GROUPS | FIQEN);
	cr_assert(!v2_irq(rig, 0) && v2_fiq(rig, 0));
	v2_wire(rig, 0, 41, true);
	cr_assert(v2_irq(rig, 0) && !v2_fiq(rig, 0), "Group 1 is more urgent, and an IRQ");
	cr_assert_eq(v2_gicc(rig, 0, GICC_CTLR), GROUPS | FIQEN);
}

/* --- Priorities and the end of an interrupt --- */

Test(gicv2, preemption_by_group_priority)
{
	v2_gicc_write(rig, 0, GICC_BPR, 5); /* bits [7:6] are the group priority */
	v2_interrupt(rig, 0, 40, 0, 0xb0);
	v2_interrupt(rig, 0, 41, 0, 0x80);
	v2_interrupt(rig, 0, 42, 0, 0x70);
	v2_wire(rig, 0, 40, true);
	cr_assert_eq(acknowledge(0), 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0x80);
	v2_wire(rig, 0, 41, true);
	cr_assert_not(v2_irq(rig, 0), "the same group priority");
	cr_assert_eq(acknowledge(0), SPURIOUS);
	v2_wire(rig, 0, 42, true);
	cr_assert_eq(acknowledge(0), 42);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0x40);
	end(0, 42);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0x80);
}

Test(gicv2, abpr_and_cbpr)
{
	v2_gicc_write(rig, 0, GICC_BPR, 0);
	v2_gicc_write(rig, 0, GICC_ABPR, 0);
	cr_assert_eq(v2_gicc(rig, 0, GICC_BPR), 2);
	cr_assert_eq(v2_gicc(rig, 0, GICC_ABPR), 3);
	v2_gicc_write(rig, 0, GICC_ABPR, 7); /* bit [7] is the group priority */
	v2_interrupt(rig, 0, 40, 1, 0x60);
	v2_interrupt(rig, 0, 41, 1, 0x20);
	v2_wire(rig, 0, 40, true);
	cr_assert_eq(v2_gicc(rig, 0, GICC_AIAR), 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0);
	v2_gicc_write(rig, 0, GICC_AEOIR, 40);
	v2_gicc_write(rig, 0, GICC_CTLR, GROUPS | CBPR);
	cr_assert_eq(v2_gicc(rig, 0, GICC_AIAR), 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0x60, "GICC_BPR counts");
	v2_wire(rig, 0, 41, true);
	cr_assert_eq(v2_gicc(rig, 0, GICC_AIAR), 41);
	cr_assert_eq(v2_gicc(rig, 0, GICC_NSAPR0), 1u << 12 | 1u << 4);
}

Test(gicv2, eoimode_splits_priority_drop_from_deactivation)
{
	v2_gicc_write(rig, 0, GICC_CTLR, GROUPS | EOIMODE);
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_interrupt(rig, 0, 41, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	v2_wire(rig, 0, 41, true);
	cr_assert_eq(acknowledge(0), 40);
	cr_assert_not(v2_irq(rig, 0));
	end(0, 40);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), IDLE);
	cr_assert(v2_bit(rig, 0, 40, ISACTIVER), "dropped, not deactivated");
	cr_assert_eq(acknowledge(0), 41, "another may come, the same not");
	v2_gicc_write(rig, 0, GICC_DIR, 40);
	cr_assert_not(v2_bit(rig, 0, 40, ISACTIVER), "in any order");
	end(0, 41);
	v2_gicc_write(rig, 0, GICC_DIR, 41);
	cr_assert_eq(acknowledge(0), 40);
}

Test(gicv2, dir_needs_eoimode)
{
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	cr_assert_eq(acknowledge(0), 40);
	v2_gicc_write(rig, 0, GICC_DIR, 40);
	cr_assert(v2_bit(rig, 0, 40, ISACTIVER));
}

Test(gicv2, ends_of_what_is_not_there_are_ignored)
{
	static const uint32_t bad[] = {1020, 1022, 1023, 256, 0xffffffff};

	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	end(0, 40);
	cr_assert(v2_irq(rig, 0), "nothing was active");
	cr_assert_eq(acknowledge(0), 40);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		end(0, bad[i]);
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0xa0);
}

Test(gicv2, active_priorities_can_be_saved_and_restored)
{
	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_wire(rig, 0, 40, true);
	v2_gicc_write(rig, 0, GICC_APR0, 1u << (0x80 >> 3));
	cr_assert_eq(v2_gicc(rig, 0, GICC_RPR), 0x80);
	cr_assert_not(v2_irq(rig, 0));
	v2_gicc_write(rig, 0, GICC_APR0, 0);
	cr_assert(v2_irq(rig, 0));
}

Test(gicv2, power_off_resets_the_cpu_interface_alone)
{
	v2_interrupt(rig, 1, 40, 0, 0xa0);
	v2_interrupt(rig, 1, 27, 0, 0xa0);
	v2_wire(rig, 1, 40, true);
	v2_byte_write(rig, 0, 40, GICD_ITARGETSR, 6);
	rig->vm->devices->ops->reset_cpu(rig->vm->devices, 1);
	cr_assert_not(v2_irq(rig, 1));
	cr_assert(v2_irq(rig, 2), "its other target is on");
	cr_assert_eq(v2_gicc(rig, 1, GICC_CTLR), 0);
	cr_assert_eq(v2_gicc(rig, 1, GICC_PMR), 0);
	cr_assert_eq(v2_gicc(rig, 2, GICC_CTLR), GROUPS);
	cr_assert(v2_bit(rig, 1, 27, ISENABLER), "the Distributor keeps its power");
}

/* --- The device tree --- */

Test(gicv2_reset, describes_itself)
{
	const struct gic_layout layout = {.version = 2, .distributor = GICD, .cpu_interface = GICC};
	char fdt[4096];
	const fdt64_t *reg;
	int node, len;

	cr_assert_eq(fdt_create(fdt, sizeof(fdt)) | fdt_finish_reservemap(fdt), 0);
	cr_assert_eq(fdt_begin_node(fdt, ""), 0);
	cr_assert_eq(gicv2_describe_node(fdt, &layout), 0);
	cr_assert_eq(fdt_end_node(fdt) | fdt_finish(fdt), 0);
	node = fdt_path_offset(fdt, "/interrupt-controller@8000000");
	cr_assert_eq(fdt_node_check_compatible(fdt, node, "arm,cortex-a15-gic"), 0);
	reg = fdt_getprop(fdt, node, "reg", &len);
	cr_assert_eq(len, 32);
	cr_assert_eq(fdt64_ld(reg), GICD);
	cr_assert_eq(fdt64_ld(reg + 2), GICC);
}
