/*
 * The GICv3 as a guest meets it: the life of SGIs, PPIs and SPIs, priorities, groups and routing.
 */
#include <criterion/criterion.h>
#include <libfdt.h>

#include "devices/gicv3.h"
#include "devices/tests/gic_rig.h"

static struct gic_rig rig_here, *rig = &rig_here;

static void create_open(void)
{
	rig_create(rig, 4);
}

static void create_reset(void)
{
	rig_create_reset(rig, 4);
}

static void destroy(void)
{
	rig_destroy(rig);
}

TestSuite(gicv3, .init = create_open, .fini = destroy);
TestSuite(gicv3_reset, .init = create_reset, .fini = destroy);

/* ICC_SGI1R_EL1 and its like: INTID, target list. */
static uint64_t sgi(unsigned intid, unsigned targets)
{
	return (uint64_t)intid << 24 | targets;
}

/* --- Identification and reset --- */

Test(gicv3_reset, says_what_it_is)
{
	cr_assert_eq(gicd_read(rig, GICD_TYPER) & 0x1f, 7, "256 INTIDs");
	cr_assert_eq(gicd_read(rig, GICD_TYPER) >> 19 & 0x1f, 9, "INTIDs of 10 bits");
	cr_assert_eq(gicd_read(rig, GICD_TYPER) >> 17 & 1, 0, "no LPIs");
	cr_assert_eq(gicd_read(rig, GICD_CTLR), 0x50, "ARE and DS, nothing enabled");
	cr_assert_eq(gicd_read(rig, 0xffe8), 0x3b, "GICD_PIDR2: GICv3");
	cr_assert_eq(gicr_read(rig, 3, 0xffe8), 0x3b, "GICR_PIDR2: GICv3");
	cr_assert_eq(gicd_read(rig, 0xfff0) | gicd_read(rig, 0xfff4) << 8 |
			     gicd_read(rig, 0xfff8) << 16 | gicd_read(rig, 0xfffc) << 24,
		     0xb105f00d, "CIDR");
	cr_assert_eq(rig_mrs(rig, 0, "icc_sre_el1"), 7);
	cr_assert_eq(rig_mrs(rig, 0, "icc_ctlr_el1") >> 8 & 7, 4, "five priority bits");
}

Test(gicv3_reset, redistributors_name_their_vcpus)
{
	for (unsigned cpu = 0; cpu < 4; cpu++) {
		uint64_t addr = GICR + 0x20000ULL * cpu + GICR_TYPER;
		uint64_t typer = machine_read(rig->vm, 0, addr, 8);

		cr_assert_eq(typer >> 32, cpu, "affinity");
		cr_assert_eq(typer >> 8 & 0xffff, cpu, "processor number");
		cr_assert_eq(typer >> 4 & 1, cpu == 3, "last");
		cr_assert_eq(typer & 0xf, 0, "no LPIs");
		cr_assert_eq(machine_read(rig->vm, 0, addr, 4), (uint32_t)typer);
		cr_assert_eq(machine_read(rig->vm, 0, addr + 4, 4), typer >> 32);
	}
}

Test(gicv3_reset, refuses_layouts_it_cannot_fulfil)
{
	static const unsigned bad[] = {0, 31, 33, 256, 1024};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const struct gic_layout layout = {.spis = bad[i]};
		struct error err = {0};

		cr_assert_null(gicv3_create(rig->vm, &layout, &err));
		cr_assert_eq(err.kind, ERROR_INTERNAL);
	}
}

Test(gicv3_reset, sleeps_until_woken)
{
	rig_open(rig);
	gicr_write(rig, 0, GICR_WAKER, 2);
	cr_assert_eq(gicr_read(rig, 0, GICR_WAKER), 6, "the children are asleep, too");
	interrupt_set(rig, 0, 27, 1, 0xa0);
	wire(rig, 0, 27, true);
	cr_assert_not(irq(rig, 0));
	gicr_write(rig, 0, GICR_WAKER, 0);
	cr_assert_eq(gicr_read(rig, 0, GICR_WAKER), 0);
	cr_assert(irq(rig, 0));
}

Test(gicv3, reset_is_a_cold_start_with_wires_as_they_are)
{
	interrupt_set(rig, 0, 27, 1, 0xa0);
	interrupt_set(rig, 0, 40, 1, 0xa0);
	wire(rig, 0, 27, true);
	cr_assert_eq(acknowledge(rig, 0), 27);
	bit_write(rig, 0, 40, ISPENDR);
	rig->vm->devices->ops->reset(rig->vm->devices);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), IDLE);
	cr_assert_not(bit_read(rig, 0, 40, ISPENDR));
	cr_assert_not(bit_read(rig, 0, 27, ISENABLER));
	cr_assert(bit_read(rig, 0, 27, ISPENDR), "the wire is still high");
	cr_assert_eq(gicr_read(rig, 0, GICR_WAKER), 6);
}

/* --- SGIs --- */

Test(gicv3, sgi_to_oneself)
{
	interrupt_set(rig, 1, 5, 1, 0x80);
	rig_msr(rig, 1, "icc_sgi1r_el1", sgi(5, 1 << 1));
	cr_assert(irq(rig, 1));
	cr_assert(bit_read(rig, 1, 5, ISPENDR));
	cr_assert_eq(rig_mrs(rig, 1, "icc_hppir1_el1"), 5);

	cr_assert_eq(acknowledge(rig, 1), 5);
	cr_assert_not(irq(rig, 1));
	cr_assert_not(bit_read(rig, 1, 5, ISPENDR));
	cr_assert(bit_read(rig, 1, 5, ISACTIVER));
	cr_assert_eq(rig_mrs(rig, 1, "icc_rpr_el1"), 0x80);
	cr_assert_eq(acknowledge(rig, 1), SPURIOUS);

	end(rig, 1, 5);
	cr_assert_not(bit_read(rig, 1, 5, ISACTIVER));
	cr_assert_eq(rig_mrs(rig, 1, "icc_rpr_el1"), IDLE);
	cr_assert_not(irq(rig, 1));
}

Test(gicv3, sgi_reaches_those_listed_and_no_others)
{
	for (unsigned cpu = 0; cpu < 4; cpu++)
		interrupt_set(rig, cpu, 1, 1, 0x80);
	rig_msr(rig, 0, "icc_sgi1r_el1", sgi(1, 1 << 1 | 1 << 3));
	cr_assert_not(irq(rig, 0));
	cr_assert(irq(rig, 1));
	cr_assert_not(irq(rig, 2));
	cr_assert(irq(rig, 3));
}

Test(gicv3, sgi_to_all_but_self)
{
	for (unsigned cpu = 0; cpu < 4; cpu++)
		interrupt_set(rig, cpu, 1, 1, 0x80);
	rig_msr(rig, 2, "icc_sgi1r_el1", sgi(1, 1 << 2) | 1ULL << 40);
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_eq(irq(rig, cpu), cpu != 2, "vCPU %u", cpu);
}

Test(gicv3, sgi_to_affinities_that_are_not_there)
{
	static const unsigned shifts[] = {16, 32, 44, 48}; /* Aff1, Aff2, RS, Aff3 */

	for (unsigned cpu = 0; cpu < 4; cpu++)
		interrupt_set(rig, cpu, 1, 1, 0x80);
	for (unsigned i = 0; i < 4; i++)
		rig_msr(rig, 0, "icc_sgi1r_el1", sgi(1, 0xffff) | 1ULL << shifts[i]);
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_not(bit_read(rig, cpu, 1, ISPENDR), "vCPU %u", cpu);
}

Test(gicv3, sgi_sent_twice_comes_once)
{
	interrupt_set(rig, 0, 1, 1, 0x80);
	rig_msr(rig, 0, "icc_sgi1r_el1", sgi(1, 1));
	rig_msr(rig, 1, "icc_sgi1r_el1", sgi(1, 1));
	cr_assert_eq(acknowledge(rig, 0), 1);
	end(rig, 0, 1);
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
}

Test(gicv3, sgi_sent_while_active_comes_again)
{
	interrupt_set(rig, 0, 1, 1, 0x80);
	rig_msr(rig, 0, "icc_sgi1r_el1", sgi(1, 1));
	cr_assert_eq(acknowledge(rig, 0), 1);
	rig_msr(rig, 0, "icc_sgi1r_el1", sgi(1, 1));
	cr_assert_not(irq(rig, 0), "not before it ends");
	end(rig, 0, 1);
	cr_assert(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), 1);
}

Test(gicv3, sgi0r_and_asgi1r_reach_group_0_alone)
{
	interrupt_set(rig, 0, 1, 0, 0x80);
	interrupt_set(rig, 0, 2, 1, 0x80);
	rig_msr(rig, 0, "icc_sgi0r_el1", sgi(1, 1));
	rig_msr(rig, 0, "icc_sgi0r_el1", sgi(2, 1));
	cr_assert(bit_read(rig, 0, 1, ISPENDR));
	cr_assert_not(bit_read(rig, 0, 2, ISPENDR));
	bit_write(rig, 0, 1, ICPENDR);
	rig_msr(rig, 0, "icc_asgi1r_el1", sgi(1, 1));
	rig_msr(rig, 0, "icc_asgi1r_el1", sgi(2, 1));
	cr_assert(bit_read(rig, 0, 1, ISPENDR));
	cr_assert_not(bit_read(rig, 0, 2, ISPENDR));
	bit_write(rig, 0, 1, ICPENDR);
	rig_msr(rig, 0, "icc_sgi1r_el1", sgi(1, 1));
	rig_msr(rig, 0, "icc_sgi1r_el1", sgi(2, 1));
	cr_assert(bit_read(rig, 0, 1, ISPENDR), "ICC_SGI1R_EL1 reaches both");
	cr_assert(bit_read(rig, 0, 2, ISPENDR));
}

/* --- PPIs --- */

Test(gicv3, ppi_follows_its_wire)
{
	interrupt_set(rig, 0, 27, 1, 0xa0);
	wire(rig, 0, 27, true);
	cr_assert(irq(rig, 0));
	cr_assert_not(irq(rig, 1), "it is vCPU 0's own");
	wire(rig, 0, 27, false);
	cr_assert_not(irq(rig, 0), "withdrawn before it was acknowledged");
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
}

Test(gicv3, ppi_still_high_at_the_end_comes_again)
{
	interrupt_set(rig, 0, 27, 1, 0xa0);
	wire(rig, 0, 27, true);
	cr_assert_eq(acknowledge(rig, 0), 27);
	cr_assert(bit_read(rig, 0, 27, ISPENDR), "active and pending");
	cr_assert_not(irq(rig, 0));
	end(rig, 0, 27);
	cr_assert(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), 27);
	wire(rig, 0, 27, false);
	end(rig, 0, 27);
	cr_assert_not(irq(rig, 0));
}

Test(gicv3, trigger_of_private_interrupts_is_fixed)
{
	gicr_write(rig, 0, 0x10000 + ICFGR, 0);
	gicr_write(rig, 0, 0x10000 + ICFGR + 4, 0xffffffff);
	cr_assert_eq(gicr_read(rig, 0, 0x10000 + ICFGR), 0xaaaaaaaa);
	cr_assert_eq(gicr_read(rig, 0, 0x10000 + ICFGR + 4), 0);
}

Test(gicv3, wires_that_lead_nowhere)
{
	wire(rig, 0, 32 + SPIS, true);
	wire(rig, 0, 1019, true);
	wire(rig, 0, ~0u, true);
	wire(rig, 4, 27, true);
	for (unsigned cpu = 0; cpu < 4; cpu++)
		cr_assert_not(irq(rig, cpu));
}

/* --- SPIs --- */

Test(gicv3, edge_is_remembered)
{
	interrupt_set(rig, 0, 64, 1, 0xa0);
	edge_set(rig, 64, true);
	wire(rig, 0, 64, true);
	wire(rig, 0, 64, false);
	cr_assert(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), 64);
	wire(rig, 0, 64, true);
	cr_assert(bit_read(rig, 0, 64, ISPENDR), "a second edge while active");
	cr_assert_not(irq(rig, 0));
	end(rig, 0, 64);
	cr_assert_eq(acknowledge(rig, 0), 64);
	end(rig, 0, 64);
	cr_assert_not(irq(rig, 0), "the wire is high, but there was no other edge");
}

Test(gicv3, edge_can_be_forgotten)
{
	interrupt_set(rig, 0, 64, 1, 0xa0);
	edge_set(rig, 64, true);
	wire(rig, 0, 64, true);
	bit_write(rig, 0, 64, ICPENDR);
	cr_assert_not(irq(rig, 0));
}

Test(gicv3, level_pends_by_wire_and_by_software)
{
	interrupt_set(rig, 0, 33, 1, 0xa0);
	wire(rig, 0, 33, true);
	bit_write(rig, 0, 33, ICPENDR);
	cr_assert(bit_read(rig, 0, 33, ISPENDR), "a high wire cannot be cleared");
	wire(rig, 0, 33, false);
	cr_assert_not(bit_read(rig, 0, 33, ISPENDR));

	bit_write(rig, 0, 33, ISPENDR);
	wire(rig, 0, 33, true);
	wire(rig, 0, 33, false);
	cr_assert(bit_read(rig, 0, 33, ISPENDR), "what software set stays");
	cr_assert_eq(acknowledge(rig, 0), 33);
	end(rig, 0, 33);
	cr_assert_not(irq(rig, 0), "until it is acknowledged");
}

Test(gicv3, pending_while_disabled_waits)
{
	group_set(rig, 0, 33, 1);
	priority_set(rig, 0, 33, 0xa0);
	wire(rig, 0, 33, true);
	cr_assert_not(irq(rig, 0));
	bit_write(rig, 0, 33, ISENABLER);
	cr_assert(irq(rig, 0));
	bit_write(rig, 0, 33, ICENABLER);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
	cr_assert_eq(rig_mrs(rig, 0, "icc_hppir1_el1"), SPURIOUS);
	cr_assert(bit_read(rig, 0, 33, ISPENDR));
}

Test(gicv3, disabled_while_active_still_ends)
{
	interrupt_set(rig, 0, 33, 1, 0xa0);
	wire(rig, 0, 33, true);
	cr_assert_eq(acknowledge(rig, 0), 33);
	bit_write(rig, 0, 33, ICENABLER);
	end(rig, 0, 33);
	cr_assert_not(bit_read(rig, 0, 33, ISACTIVER));
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), IDLE);
	cr_assert_not(irq(rig, 0));
}

Test(gicv3, active_state_can_be_written)
{
	interrupt_set(rig, 0, 33, 1, 0xa0);
	bit_write(rig, 0, 33, ISACTIVER);
	wire(rig, 0, 33, true);
	cr_assert_not(irq(rig, 0), "active: not forwarded");
	bit_write(rig, 0, 33, ICACTIVER);
	cr_assert(irq(rig, 0));
}

Test(gicv3, messages_are_wires)
{
	interrupt_set(rig, 0, 100, 1, 0xa0);
	interrupt_set(rig, 0, 101, 1, 0xa0);
	edge_set(rig, 101, true);
	machine_write(rig->vm, 0, GICD + GICD_SETSPI_NSR, 2, 100);
	cr_assert_eq(acknowledge(rig, 0), 100);
	end(rig, 0, 100);
	cr_assert(irq(rig, 0), "a level stays");
	gicd_write(rig, GICD_CLRSPI_NSR, 100);
	cr_assert_not(irq(rig, 0));

	gicd_write(rig, GICD_SETSPI_NSR, 101);
	cr_assert_eq(acknowledge(rig, 0), 101);
	end(rig, 0, 101);
	cr_assert_not(irq(rig, 0), "an edge does not");
	gicd_write(rig, GICD_SETSPI_NSR, 101);
	gicd_write(rig, GICD_CLRSPI_NSR, 101);
	cr_assert_not(irq(rig, 0));

	gicd_write(rig, GICD_SETSPI_NSR, 27);
	gicd_write(rig, GICD_SETSPI_NSR, 32 + SPIS);
	gicd_write(rig, GICD_SETSPI_NSR, 1023);
	cr_assert_not(bit_read(rig, 0, 27, ISPENDR), "SPIs alone");
}

/* The wire is the device's: neither do messages lower it, nor do they outlive a reset as it does. */
Test(gicv3, messages_are_other_wires_than_the_devices)
{
	struct error err = {0};

	interrupt_set(rig, 0, 100, 1, 0xa0);
	wire(rig, 0, 100, true);
	gicd_write(rig, GICD_SETSPI_NSR, 100);
	gicd_write(rig, GICD_CLRSPI_NSR, 100);
	cr_assert(irq(rig, 0), "the device's level stays");
	wire(rig, 0, 100, false);
	cr_assert_not(irq(rig, 0));

	gicd_write(rig, GICD_SETSPI_NSR, 100);
	wire(rig, 0, 101, true);
	cr_assert_eq(vm_reset(rig->vm, &err), 0);
	cr_assert_not(bit_read(rig, 0, 100, ISPENDR));
	cr_assert(bit_read(rig, 0, 101, ISPENDR));
}

Test(gicv3, distributor_hides_private_interrupts)
{
	gicd_write(rig, ISENABLER, ~0u);
	gicd_write(rig, IPRIORITYR + 16, ~0u);
	cr_assert_eq(gicd_read(rig, ISENABLER), 0);
	cr_assert_eq(gicd_read(rig, IPRIORITYR + 16), 0);
	cr_assert_not(bit_read(rig, 0, 0, ISENABLER));
	gicr_write(rig, 0, 0x10000 + ISENABLER + 4, ~0u);
	cr_assert_eq(gicd_read(rig, ISENABLER + 4), 0, "nor are SPIs in a Redistributor");
}

/* --- Priority --- */

Test(gicv3, priorities_have_five_bits)
{
	priority_set(rig, 0, 40, 0xff);
	cr_assert_eq(priority_get(rig, 0, 40), 0xf8);
	gicd_write(rig, IPRIORITYR + 40, 0x20406087);
	cr_assert_eq(gicd_read(rig, IPRIORITYR + 40), 0x20406080);
	cr_assert_eq(priority_get(rig, 0, 43), 0x20);
	rig_msr(rig, 0, "icc_pmr_el1", 0xff);
	cr_assert_eq(rig_mrs(rig, 0, "icc_pmr_el1"), 0xf8);
}

Test(gicv3, most_urgent_first_then_smallest_intid)
{
	static const struct {
		unsigned intid, priority;
	} in_order[] = {{90, 0x10}, {3, 0x40}, {27, 0x40}, {50, 0x40}, {33, 0x48}};

	for (unsigned i = 5; i-- > 0;) {
		interrupt_set(rig, 0, in_order[i].intid, 1, in_order[i].priority);
		bit_write(rig, 0, in_order[i].intid, ISPENDR);
	}
	for (unsigned i = 0; i < 5; i++) {
		unsigned intid = acknowledge(rig, 0);

		cr_assert_eq(intid, in_order[i].intid, "%u instead of %u", intid,
			     in_order[i].intid);
		end(rig, 0, intid);
	}
}

Test(gicv3, mask_lets_more_urgent_ones_through)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	rig_msr(rig, 0, "icc_pmr_el1", 0x80);
	cr_assert_not(irq(rig, 0), "equal is masked");
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
	cr_assert_eq(rig_mrs(rig, 0, "icc_hppir1_el1"), 33, "pending all the same");
	rig_msr(rig, 0, "icc_pmr_el1", 0x88);
	cr_assert(irq(rig, 0));
	priority_set(rig, 0, 33, 0x90);
	cr_assert_not(irq(rig, 0));
}

Test(gicv3, lowest_priority_is_always_masked)
{
	interrupt_set(rig, 0, 33, 1, 0xff);
	wire(rig, 0, 33, true);
	cr_assert_not(irq(rig, 0), "0xf8 is not above the widest mask, 0xf8");
}

Test(gicv3, preemption_nests)
{
	interrupt_set(rig, 0, 40, 1, 0xc0);
	interrupt_set(rig, 0, 41, 1, 0x80);
	interrupt_set(rig, 0, 42, 1, 0x40);
	bit_write(rig, 0, 40, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 40);
	bit_write(rig, 0, 41, ISPENDR);
	cr_assert(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), 41);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x80);
	bit_write(rig, 0, 42, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 42);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x40);
	cr_assert_eq(rig_mrs(rig, 0, "icc_ap1r0_el1"), 1u << 8 | 1u << 16 | 1u << 24);

	end(rig, 0, 42);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x80);
	bit_write(rig, 0, 40, ISPENDR);
	end(rig, 0, 41);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0xc0);
	cr_assert_not(irq(rig, 0), "40 is active");
	end(rig, 0, 40);
	cr_assert(irq(rig, 0));
}

Test(gicv3, equal_priority_does_not_preempt)
{
	interrupt_set(rig, 0, 40, 1, 0x80);
	interrupt_set(rig, 0, 39, 1, 0x80);
	bit_write(rig, 0, 40, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 40);
	bit_write(rig, 0, 39, ISPENDR);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
	end(rig, 0, 40);
	cr_assert_eq(acknowledge(rig, 0), 39);
}

/* Binary point 6 of Group 1: bits [7:6] decide on preemption, all of them on order. */
Test(gicv3, binary_point_limits_preemption)
{
	rig_msr(rig, 0, "icc_bpr1_el1", 6);
	interrupt_set(rig, 0, 40, 1, 0xb8);
	interrupt_set(rig, 0, 41, 1, 0x80);
	interrupt_set(rig, 0, 42, 1, 0x78);
	bit_write(rig, 0, 40, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 40);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x80, "the group priority");
	bit_write(rig, 0, 41, ISPENDR);
	cr_assert_not(irq(rig, 0), "the same group priority");
	bit_write(rig, 0, 42, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 42);
	end(rig, 0, 42);
	end(rig, 0, 40);
	cr_assert_eq(acknowledge(rig, 0), 41);
}

Test(gicv3, binary_point_7_never_preempts)
{
	rig_msr(rig, 0, "icc_bpr0_el1", 7);
	interrupt_set(rig, 0, 40, 0, 0xf0);
	interrupt_set(rig, 0, 41, 0, 0);
	bit_write(rig, 0, 40, ISPENDR);
	cr_assert_eq(rig_mrs(rig, 0, "icc_iar0_el1"), 40);
	bit_write(rig, 0, 41, ISPENDR);
	cr_assert_not(fiq(rig, 0));
	rig_msr(rig, 0, "icc_eoir0_el1", 40);
	cr_assert(fiq(rig, 0));
}

Test(gicv3, binary_points_have_smallest_values)
{
	rig_msr(rig, 0, "icc_bpr0_el1", 0);
	rig_msr(rig, 0, "icc_bpr1_el1", 0);
	cr_assert_eq(rig_mrs(rig, 0, "icc_bpr0_el1"), 2);
	cr_assert_eq(rig_mrs(rig, 0, "icc_bpr1_el1"), 3);
}

Test(gicv3, common_binary_point)
{
	rig_msr(rig, 0, "icc_bpr0_el1", 5);
	rig_msr(rig, 0, "icc_bpr1_el1", 3);
	rig_msr(rig, 0, "icc_ctlr_el1", 1);
	cr_assert_eq(rig_mrs(rig, 0, "icc_bpr1_el1"), 6);
	rig_msr(rig, 0, "icc_bpr1_el1", 4);
	cr_assert_eq(rig_mrs(rig, 0, "icc_bpr1_el1"), 6, "read-only");

	interrupt_set(rig, 0, 40, 1, 0xb8);
	interrupt_set(rig, 0, 41, 1, 0x80);
	bit_write(rig, 0, 40, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 40);
	bit_write(rig, 0, 41, ISPENDR);
	cr_assert_not(irq(rig, 0));

	rig_msr(rig, 0, "icc_bpr0_el1", 7);
	cr_assert_eq(rig_mrs(rig, 0, "icc_bpr1_el1"), 7, "saturated");
	rig_msr(rig, 0, "icc_ctlr_el1", 0);
	cr_assert_eq(rig_mrs(rig, 0, "icc_bpr1_el1"), 3);
}

Test(gicv3, active_priorities_can_be_saved_and_restored)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	rig_msr(rig, 0, "icc_ap0r0_el1", 1u << 4);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x20);
	cr_assert_not(irq(rig, 0));
	rig_msr(rig, 0, "icc_ap1r0_el1", 1u << 2);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x10);
	rig_msr(rig, 0, "icc_ap0r0_el1", 0);
	rig_msr(rig, 0, "icc_ap1r0_el1", 0);
	cr_assert(irq(rig, 0));
}

/* --- End of interrupt --- */

Test(gicv3, eoimode_1_separates_drop_and_deactivation)
{
	rig_msr(rig, 0, "icc_ctlr_el1", 2);
	interrupt_set(rig, 0, 33, 1, 0x80);
	interrupt_set(rig, 0, 34, 1, 0x80);
	wire(rig, 0, 33, true);
	cr_assert_eq(acknowledge(rig, 0), 33);
	end(rig, 0, 33);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), IDLE);
	cr_assert(bit_read(rig, 0, 33, ISACTIVER));
	cr_assert_not(irq(rig, 0), "33 is still active");
	wire(rig, 0, 34, true);
	cr_assert_eq(acknowledge(rig, 0), 34, "others of the same priority may come");
	end(rig, 0, 34);
	rig_msr(rig, 0, "icc_dir_el1", 33);
	cr_assert_not(bit_read(rig, 0, 33, ISACTIVER));
	cr_assert_eq(acknowledge(rig, 0), 33, "its wire is still high");
}

Test(gicv3, another_vcpu_may_deactivate)
{
	rig_msr(rig, 1, "icc_ctlr_el1", 2);
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	cr_assert_eq(acknowledge(rig, 0), 33);
	rig_msr(rig, 0, "icc_ctlr_el1", 2);
	end(rig, 0, 33);
	cr_assert_not(irq(rig, 0));
	rig_msr(rig, 1, "icc_dir_el1", 33);
	cr_assert(irq(rig, 0));
}

Test(gicv3, dir_needs_eoimode_1)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	cr_assert_eq(acknowledge(rig, 0), 33);
	rig_msr(rig, 0, "icc_dir_el1", 33);
	cr_assert(bit_read(rig, 0, 33, ISACTIVER));
}

Test(gicv3, ends_that_do_not_match_are_ignored)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	end(rig, 0, 33);
	wire(rig, 0, 33, true);
	cr_assert_eq(acknowledge(rig, 0), 33);
	rig_msr(rig, 0, "icc_eoir0_el1", 33);
	end(rig, 0, SPURIOUS);
	end(rig, 0, 32 + SPIS);
	end(rig, 0, 0xffffff);
	cr_assert(bit_read(rig, 0, 33, ISACTIVER));
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0x80);
}

/* --- Groups --- */

Test(gicv3, group_0_is_fiq)
{
	interrupt_set(rig, 0, 33, 0, 0x80);
	wire(rig, 0, 33, true);
	cr_assert(fiq(rig, 0));
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS, "ICC_IAR1_EL1 is for Group 1");
	cr_assert_eq(rig_mrs(rig, 0, "icc_hppir1_el1"), SPURIOUS);
	cr_assert_eq(rig_mrs(rig, 0, "icc_hppir0_el1"), 33);
	cr_assert_eq(rig_mrs(rig, 0, "icc_iar0_el1"), 33);
	cr_assert_eq(rig_mrs(rig, 0, "icc_ap0r0_el1"), 1u << 16);
	end(rig, 0, 33);
	cr_assert(bit_read(rig, 0, 33, ISACTIVER), "not by ICC_EOIR1_EL1");
	rig_msr(rig, 0, "icc_eoir0_el1", 33);
	cr_assert_not(bit_read(rig, 0, 33, ISACTIVER));
}

Test(gicv3, groups_share_the_running_priority)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	interrupt_set(rig, 0, 34, 0, 0x80);
	interrupt_set(rig, 0, 35, 0, 0x40);
	bit_write(rig, 0, 33, ISPENDR);
	cr_assert_eq(acknowledge(rig, 0), 33);
	bit_write(rig, 0, 34, ISPENDR);
	cr_assert_not(fiq(rig, 0));
	bit_write(rig, 0, 35, ISPENDR);
	cr_assert(fiq(rig, 0));
	cr_assert_eq(rig_mrs(rig, 0, "icc_iar0_el1"), 35);
	rig_msr(rig, 0, "icc_eoir0_el1", 35);
	end(rig, 0, 33);
	cr_assert_eq(rig_mrs(rig, 0, "icc_iar0_el1"), 34);
}

Test(gicv3, groups_are_enabled_twice)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	gicd_write(rig, GICD_CTLR, 1);
	cr_assert_not(irq(rig, 0), "in the Distributor");
	gicd_write(rig, GICD_CTLR, 2);
	cr_assert_eq(gicd_read(rig, GICD_CTLR), 0x52);
	cr_assert(irq(rig, 0));
	rig_msr(rig, 0, "icc_igrpen1_el1", 0);
	cr_assert_not(irq(rig, 0), "and in the CPU interface");
	rig_msr(rig, 0, "icc_igrpen1_el1", 1);
	cr_assert(irq(rig, 0));
	group_set(rig, 0, 33, 0);
	cr_assert_not(fiq(rig, 0));
	gicd_write(rig, GICD_CTLR, 3);
	cr_assert(fiq(rig, 0));
	rig_msr(rig, 0, "icc_igrpen0_el1", 0);
	cr_assert_not(fiq(rig, 0));
}

Test(gicv3, disabled_group_hides_nothing)
{
	interrupt_set(rig, 0, 33, 0, 0);
	interrupt_set(rig, 0, 34, 1, 0x80);
	wire(rig, 0, 33, true);
	wire(rig, 0, 34, true);
	cr_assert_not(irq(rig, 0), "Group 0 comes first");
	rig_msr(rig, 0, "icc_igrpen0_el1", 0);
	cr_assert(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 0), 34);
}

/* --- Routing --- */

Test(gicv3, spi_goes_where_it_is_routed)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	cr_assert(irq(rig, 0));
	route_set(rig, 33, 2);
	cr_assert_not(irq(rig, 0));
	cr_assert(irq(rig, 2));
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
	cr_assert_eq(acknowledge(rig, 2), 33);
	route_set(rig, 33, 3);
	end(rig, 2, 33);
	cr_assert_not(irq(rig, 2));
	cr_assert(irq(rig, 3), "moved while active");
}

Test(gicv3, spi_routed_to_nobody_waits)
{
	static const uint64_t nobody[] = {4, 0x100, 0x10000, 1ULL << 32};

	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	for (unsigned i = 0; i < 4; i++) {
		route_set(rig, 33, nobody[i]);
		for (unsigned cpu = 0; cpu < 4; cpu++)
			cr_assert_not(irq(rig, cpu));
	}
	route_set(rig, 33, 1);
	cr_assert(irq(rig, 1));
}

Test(gicv3, irouter_by_halves)
{
	uint64_t offset = GICD_IROUTER + 8 * 33;

	gicd_write(rig, offset, 0xffffffff);
	cr_assert_eq(machine_read(rig->vm, 0, GICD + offset, 8), 0x80ffffff);
	gicd_write(rig, offset + 4, 0xffffffff);
	cr_assert_eq(machine_read(rig->vm, 0, GICD + offset, 8), 0xff80ffffffULL);
	cr_assert_eq(gicd_read(rig, offset + 4), 0xff);
	route_set(rig, 33, 3);
	cr_assert_eq(gicd_read(rig, offset), 3);
	route_set(rig, 31, 3);
	cr_assert_eq(gicd_read(rig, GICD_IROUTER + 8 * 31), 0, "private interrupts have none");
	route_set(rig, 32 + SPIS, 3);
	cr_assert_eq(gicd_read(rig, GICD_IROUTER + 8 * (32 + SPIS)), 0);
}

static unsigned interrupted(void)
{
	unsigned mask = 0;

	for (unsigned cpu = 0; cpu < 4; cpu++)
		mask |= irq(rig, cpu) << cpu;
	return mask;
}

Test(gicv3, one_of_n_goes_to_one_that_is_free)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	interrupt_set(rig, 0, 34, 1, 0x80);
	route_set(rig, 33, 1ULL << 31);
	route_set(rig, 34, 1ULL << 31);
	wire(rig, 0, 33, true);
	cr_assert_eq(interrupted(), 1);
	cr_assert_eq(acknowledge(rig, 0), 33);
	cr_assert_eq(interrupted(), 0);
	wire(rig, 0, 34, true);
	cr_assert_eq(interrupted(), 2, "vCPU 0 is busy");
	rig_msr(rig, 1, "icc_pmr_el1", 0);
	cr_assert_eq(interrupted(), 4, "vCPU 1 has masked it");
	cr_assert_eq(acknowledge(rig, 1), SPURIOUS);
	wire(rig, 0, 33, false);
	end(rig, 0, 33);
	cr_assert_eq(interrupted(), 1, "vCPU 0 is free again");
	wire(rig, 0, 34, false);
	cr_assert_eq(interrupted(), 0);
}

Test(gicv3, power_off_resets_the_cpu_interface_alone)
{
	interrupt_set(rig, 1, 27, 1, 0xa0);
	interrupt_set(rig, 1, 28, 1, 0x80);
	wire(rig, 1, 27, true);
	cr_assert_eq(acknowledge(rig, 1), 27);
	wire(rig, 1, 28, true);
	cr_assert(irq(rig, 1));
	rig->vm->devices->ops->reset_cpu(rig->vm->devices, 1);
	cr_assert_not(irq(rig, 1));
	cr_assert_eq(rig_mrs(rig, 1, "icc_pmr_el1"), 0);
	cr_assert_eq(rig_mrs(rig, 1, "icc_igrpen1_el1"), 0);
	cr_assert_eq(rig_mrs(rig, 1, "icc_rpr_el1"), IDLE);
	cr_assert_eq(gicr_read(rig, 1, GICR_WAKER), 6);
	cr_assert(bit_read(rig, 1, 27, ISACTIVER), "the Redistributor keeps its power");
	cr_assert(bit_read(rig, 1, 28, ISENABLER));
	cr_assert_eq(rig_mrs(rig, 0, "icc_pmr_el1"), 0xf8, "the other CPU goes on");
}

Test(gicv3, one_of_n_avoids_cpus_that_are_off)
{
	for (unsigned cpu = 0; cpu < 4; cpu++)
		rig_msr(rig, cpu, "icc_pmr_el1", 0xff);
	interrupt_set(rig, 0, 40, 1, 0xa0);
	route_set(rig, 40, 1ULL << 31);
	wire(rig, 0, 40, true);
	for (unsigned cpu = 0; cpu < 3; cpu++) {
		cr_assert(irq(rig, cpu), "it goes to the first that is on");
		rig->vm->devices->ops->reset_cpu(rig->vm->devices, cpu);
		cr_assert_not(irq(rig, cpu));
	}
	cr_assert(irq(rig, 3));
}

Test(gicv3, one_of_n_avoids_those_who_do_not_take_part)
{
	interrupt_set(rig, 0, 33, 1, 0x80);
	route_set(rig, 33, 1ULL << 31);
	wire(rig, 0, 33, true);
	gicr_write(rig, 0, GICR_WAKER, 2);
	cr_assert_eq(interrupted(), 2, "asleep");
	gicr_write(rig, 1, GICR_CTLR, 1u << 25);
	cr_assert_eq(interrupted(), 4, "GICR_CTLR.DPG1NS");
	gicr_write(rig, 2, GICR_CTLR, 1u << 24);
	cr_assert_eq(interrupted(), 4, "GICR_CTLR.DPG0 is for Group 0");
	rig_msr(rig, 2, "icc_igrpen1_el1", 0);
	cr_assert_eq(interrupted(), 8, "group disabled");
	gicr_write(rig, 3, GICR_WAKER, 2);
	cr_assert_eq(interrupted(), 0, "nobody");
	gicr_write(rig, 0, GICR_WAKER, 0);
	cr_assert_eq(interrupted(), 1);
}

/* --- Access --- */

Test(gicv3, registers_are_for_el1)
{
	static const char *const names[] = {
		"icc_pmr_el1",	"icc_iar0_el1",	 "icc_eoir0_el1",   "icc_hppir0_el1",
		"icc_bpr0_el1", "icc_ap0r0_el1", "icc_ap1r0_el1",   "icc_dir_el1",
		"icc_rpr_el1",	"icc_sgi1r_el1", "icc_asgi1r_el1",  "icc_sgi0r_el1",
		"icc_iar1_el1", "icc_eoir1_el1", "icc_hppir1_el1",  "icc_bpr1_el1",
		"icc_ctlr_el1", "icc_sre_el1",	 "icc_igrpen0_el1", "icc_igrpen1_el1",
	};
	static const char *const read_only[] = {"icc_iar0_el1", "icc_iar1_el1", "icc_hppir0_el1",
						"icc_hppir1_el1", "icc_rpr_el1"};
	static const char *const write_only[] = {"icc_eoir0_el1", "icc_eoir1_el1",
						 "icc_dir_el1",	  "icc_sgi0r_el1",
						 "icc_sgi1r_el1", "icc_asgi1r_el1"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (unsigned write = 0; write < 2; write++)
			cr_expect_eq(machine_sysreg_access(rig->vm, 0, names[i], 0, write),
				     SYSREG_UNDEFINED, "%s", names[i]);
	for (unsigned i = 0; i < sizeof(read_only) / sizeof(*read_only); i++)
		cr_expect_eq(machine_sysreg_access(rig->vm, 0, read_only[i], 1, true),
			     SYSREG_UNDEFINED, "%s", read_only[i]);
	for (unsigned i = 0; i < sizeof(write_only) / sizeof(*write_only); i++)
		cr_expect_eq(machine_sysreg_access(rig->vm, 0, write_only[i], 1, false),
			     SYSREG_UNDEFINED, "%s", write_only[i]);
}

Test(gicv3, system_register_interface_cannot_be_left)
{
	rig_msr(rig, 0, "icc_sre_el1", 0);
	cr_assert_eq(rig_mrs(rig, 0, "icc_sre_el1"), 7);
}

Test(gicv3, node_says_where_it_is)
{
	const struct gic_layout layout = {
		.version = 3, .distributor = GICD, .redistributors = GICR, .spis = SPIS};
	static char fdt[4096];
	const fdt64_t *reg;
	int node, len = 0;

	cr_assert_eq(fdt_create(fdt, sizeof(fdt)), 0);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	cr_assert_eq(gicv3_describe_node(fdt, &layout, 3), 0);
	fdt_end_node(fdt);
	cr_assert_eq(fdt_finish(fdt), 0);
	node = fdt_path_offset(fdt, "/interrupt-controller@8000000");
	cr_assert_geq(node, 0);
	cr_assert_eq(fdt_node_check_compatible(fdt, node, "arm,gic-v3"), 0);
	cr_assert_not_null(fdt_getprop(fdt, node, "interrupt-controller", NULL));
	reg = fdt_getprop(fdt, node, "reg", &len);
	cr_assert_eq(len, 32);
	cr_assert_eq(fdt64_ld(&reg[0]), GICD);
	cr_assert_eq(fdt64_ld(&reg[1]), 0x10000);
	cr_assert_eq(fdt64_ld(&reg[2]), GICR);
	cr_assert_eq(fdt64_ld(&reg[3]), 0x60000);
}
