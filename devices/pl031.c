/*
 * The PL031 real-time clock (Arm DDI 0224).
 *
 * The counter is the VM's wall time plus an offset that the guest sets by writing RTCLR. It is not
 * advanced by anybody: it is computed when it is read, and the alarm is a timer of the VM's clock set
 * for the second that RTCMR names. The clock runs from reset
 * (RTCCR reads 1, and the manual says that no write stops it): firmware would have
 * started it.
 */
#include "devices/pl031.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/primecell.h"

#define PERIPH_ID PRIMECELL_PERIPH(0x031, 0)

/* Registers, DDI 0224, 3.2. */
#define RTCDR	0x00
#define RTCMR	0x04
#define RTCLR	0x08
#define RTCCR	0x0c
#define RTCIMSC 0x10
#define RTCRIS	0x14
#define RTCMIS	0x18
#define RTCICR	0x1c

#define RTCCR_EN 1u
#define RTCINTR	 1u

#define ALARM_STEP (CLOCK_FREQUENCY / 32)

struct pl031_state {
	uint32_t mr, lr, imsc, ris;
	uint32_t offset;   /* RTCDR less the VM's wall time, in seconds */
	uint64_t alarm_at; /* counter value at which to look for a match; CLOCK_NEVER: none */
};

struct pl031 {
	struct device device;
	struct pl031_state state;
	pthread_mutex_t lock; /* guards state */
	struct irq_line irq;
	bool level; /* of irq */
	struct clock_timer alarm;
	uint64_t base;
	unsigned intid;
};

static uint32_t seconds_now(const struct pl031 *p)
{
	return (uint32_t)clock_wall_seconds(&p->device.vm->clock) + p->state.offset;
}

static void update_irq(struct pl031 *p)
{
	bool level = p->state.ris & p->state.imsc;

	if (level != p->level)
		irq_line_set(&p->irq, level);
	p->level = level;
}

/*
 * Look again when `left` seconds may be over. A wall second of the host begins at no particular
 * counter value, so the last second is watched in steps of ALARM_STEP. (In virtual time it begins
 * at a multiple of the frequency, which is one of ALARM_STEP too: the alarm is exact.)
 */
static void watch_alarm(struct pl031 *p, uint32_t left)
{
	struct clock *clock = &p->device.vm->clock;
	uint64_t earliest = clock_counter(clock) + (left - 1) * CLOCK_FREQUENCY;

	p->state.alarm_at = (earliest / ALARM_STEP + 1) * ALARM_STEP;
	clock_timer_arm(clock, &p->alarm, p->state.alarm_at);
}

/* RTCDR equals RTCMR. */
static void match(struct pl031 *p)
{
	p->state.alarm_at = CLOCK_NEVER;
	p->state.ris |= RTCINTR;
	clock_timer_disarm(&p->device.vm->clock, &p->alarm);
}

/* Set the alarm for the next match: now, or up to 136 years ahead. */
static void set_alarm(struct pl031 *p)
{
	uint32_t left = p->state.mr - seconds_now(p);

	if (left)
		watch_alarm(p, left);
	else
		match(p);
}

static void pl031_alarm(void *owner)
{
	struct pl031 *p = owner;

	pthread_mutex_lock(&p->lock);
	/* The guest may have moved the alarm while this call was on its way. */
	if (clock_counter(&p->device.vm->clock) >= p->state.alarm_at) {
		int32_t left = (int32_t)(p->state.mr - seconds_now(p));

		if (left > 0)
			watch_alarm(p, (uint32_t)left);
		else
			match(p);
	}
	update_irq(p);
	pthread_mutex_unlock(&p->lock);
}

static uint32_t read_register(const struct pl031 *p, uint64_t offset)
{
	const struct pl031_state *s = &p->state;

	switch (offset) {
	case RTCDR: return seconds_now(p);
	case RTCMR: return s->mr;
	case RTCLR: return s->lr;
	case RTCCR: return RTCCR_EN;
	case RTCIMSC: return s->imsc;
	case RTCRIS: return s->ris;
	case RTCMIS: return s->ris & s->imsc;
	default: return primecell_read_id(PERIPH_ID, offset);
	}
}

static void write_register(struct pl031 *p, uint64_t offset, uint32_t value)
{
	struct pl031_state *s = &p->state;

	switch (offset) {
	case RTCMR:
		s->mr = value;
		set_alarm(p);
		break;
	case RTCLR:
		s->lr = value;
		s->offset += value - seconds_now(p);
		set_alarm(p);
		break;
	case RTCIMSC: s->imsc = value & RTCINTR; break;
	case RTCICR: s->ris &= ~value; break;
	default: break;
	}
	update_irq(p);
}

static uint64_t pl031_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct pl031 *p = owner;

	(void)cpu;
	if (!primecell_access_ok(offset, size))
		return 0;
	pthread_mutex_lock(&p->lock);

	uint32_t value = read_register(p, offset);

	pthread_mutex_unlock(&p->lock);
	return primecell_narrow(value, size);
}

static void pl031_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct pl031 *p = owner;

	(void)cpu;
	if (!primecell_access_ok(offset, size))
		return;
	pthread_mutex_lock(&p->lock);
	write_register(p, offset, (uint32_t)value);
	pthread_mutex_unlock(&p->lock);
}

static const struct mmio_ops pl031_mmio = {.read = pl031_read, .write = pl031_write};

static void pl031_reset(struct device *device)
{
	struct pl031 *p = (struct pl031 *)device;

	pthread_mutex_lock(&p->lock);
	clock_timer_disarm(&device->vm->clock, &p->alarm);
	memset(&p->state, 0, sizeof(p->state));
	p->state.alarm_at = CLOCK_NEVER;
	update_irq(p);
	pthread_mutex_unlock(&p->lock);
}

static int pl031_describe(struct device *device, void *fdt)
{
	static const char *const compatible[] = {"arm,pl031", "arm,primecell", NULL};
	const struct pl031 *p = (struct pl031 *)device;
	const uint64_t reg[1][2] = {{p->base, PRIMECELL_SIZE}};
	int rc;

	if ((rc = devicetree_begin(fdt, "pl031", p->base)) ||
	    (rc = devicetree_strings(fdt, "compatible", compatible)) ||
	    (rc = devicetree_reg(fdt, reg, 1)) ||
	    (rc = devicetree_interrupt(fdt, p->intid, TRIGGER_LEVEL_HIGH)) ||
	    (rc = devicetree_u32(fdt, "clocks", PHANDLE_CLOCK)) ||
	    (rc = devicetree_string(fdt, "clock-names", "apb_pclk")))
		return rc;
	return devicetree_end(fdt);
}

static void pl031_destroy(struct device *device)
{
	struct pl031 *p = (struct pl031 *)device;

	clock_timer_remove(&device->vm->clock, &p->alarm);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static const struct device_ops pl031_ops = {
	.name = "pl031",
	.reset = pl031_reset,
	.describe = pl031_describe,
	.destroy = pl031_destroy,
};

int pl031_create(struct vm *vm, uint64_t base, unsigned intid, struct error *err)
{
	struct pl031 *p = calloc(1, sizeof(*p));

	if (!p)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the real-time clock");

	const struct bus_region region = {base, PRIMECELL_SIZE, &pl031_mmio, p, "pl031"};

	if (bus_add(&vm->bus, &region, err)) {
		free(p);
		return -1;
	}
	p->device.ops = &pl031_ops;
	p->device.vm = vm;
	p->device.state = &p->state;
	p->device.state_size = sizeof(p->state);
	p->irq = (struct irq_line){.chip = &vm->irq_chip, .intid = intid};
	p->base = base;
	p->intid = intid;
	pthread_mutex_init(&p->lock, NULL);
	clock_timer_init(&p->alarm, pl031_alarm, p);
	pl031_reset(&p->device);
	vm_add_device(vm, &p->device);
	return 0;
}
