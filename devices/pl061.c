/*
 * The PL061 general-purpose I/O port (Arm DDI 0190).
 *
 * GPIODATA takes up 256 words: bits [9:2] of the address say which lines an access is about, so
 * that one store changes some lines and leaves the others alone. A line reads as what is outside
 * where it is an input, and as what was written last where it is an output.
 *
 * Interrupts are for inputs. A level-sensitive line shows its level in GPIORIS; an edge is caught
 * there until GPIOIC clears it. Hardware control (GPIOAFSEL) has nothing to hand the lines to: the
 * register is kept, and changes nothing.
 */
#include "devices/pl061.h"

#include <libfdt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/primecell.h"

#define PERIPH_ID PRIMECELL_PERIPH(0x061, 0)

/* Registers, DDI 0190, 3.2. */
#define GPIODATA_END 0x400
#define GPIODIR	     0x400
#define GPIOIS	     0x404
#define GPIOIBE	     0x408
#define GPIOIEV	     0x40c
#define GPIOIE	     0x410
#define GPIORIS	     0x414
#define GPIOMIS	     0x418
#define GPIOIC	     0x41c
#define GPIOAFSEL    0x420

struct pl061_state {
	uint8_t in;    /* levels from outside */
	uint8_t out;   /* written to GPIODATA */
	uint8_t dir;   /* 1: output */
	uint8_t is;    /* 1: level-sensitive, 0: edges */
	uint8_t ibe;   /* both edges */
	uint8_t iev;   /* 1: rising edge, high level; 0: falling edge, low level */
	uint8_t ie;    /* 1: not masked */
	uint8_t edges; /* caught */
	uint8_t afsel;
};

struct pl061 {
	struct device device;
	struct pl061_state state;
	pthread_mutex_t lock; /* guards state */
	struct irq_line irq;
	bool level; /* of irq */
	uint64_t base;
	unsigned intid;
};

static uint8_t raw_status(const struct pl061_state *s)
{
	uint8_t levels = ~(s->in ^ s->iev) & s->is & ~s->dir;

	return levels | s->edges;
}

static void update_irq(struct pl061 *p)
{
	bool level = raw_status(&p->state) & p->state.ie;

	if (level != p->level)
		irq_line_set(&p->irq, level);
	p->level = level;
}

/* --- Registers --- */

static uint32_t read_register(const struct pl061 *p, uint64_t offset)
{
	const struct pl061_state *s = &p->state;

	if (offset < GPIODATA_END)
		return ((s->out & s->dir) | (s->in & ~s->dir)) & offset >> 2;
	switch (offset) {
	case GPIODIR: return s->dir;
	case GPIOIS: return s->is;
	case GPIOIBE: return s->ibe;
	case GPIOIEV: return s->iev;
	case GPIOIE: return s->ie;
	case GPIORIS: return raw_status(s);
	case GPIOMIS: return raw_status(s) & s->ie;
	case GPIOAFSEL: return s->afsel;
	default: return primecell_read_id(PERIPH_ID, offset);
	}
}

static void write_register(struct pl061 *p, uint64_t offset, uint8_t value)
{
	struct pl061_state *s = &p->state;
	uint8_t lines = offset >> 2;

	if (offset < GPIODATA_END) {
		s->out = (s->out & ~lines) | (value & lines);
		return;
	}
	switch (offset) {
	case GPIODIR: s->dir = value; break;
	case GPIOIS: s->is = value; break;
	case GPIOIBE: s->ibe = value; break;
	case GPIOIEV: s->iev = value; break;
	case GPIOIE: s->ie = value; break;
	case GPIOIC: s->edges &= ~value; break;
	case GPIOAFSEL: s->afsel = value; break;
	default: return;
	}
	update_irq(p);
}

static uint64_t pl061_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct pl061 *p = owner;

	(void)cpu;
	if (!primecell_access_ok(offset, size))
		return 0;
	pthread_mutex_lock(&p->lock);

	uint32_t value = read_register(p, offset);

	pthread_mutex_unlock(&p->lock);
	return primecell_narrow(value, size);
}

static void pl061_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct pl061 *p = owner;

	(void)cpu;
	if (!primecell_access_ok(offset, size))
		return;
	pthread_mutex_lock(&p->lock);
	write_register(p, offset, (uint8_t)value);
	pthread_mutex_unlock(&p->lock);
}

static const struct mmio_ops pl061_mmio = {.read = pl061_read, .write = pl061_write};

/* --- The outside --- */

void pl061_set_input(struct pl061 *p, unsigned line, bool level)
{
	struct pl061_state *s = &p->state;
	uint8_t bit = 1u << line % PL061_LINES;

	pthread_mutex_lock(&p->lock);
	if (level != !!(s->in & bit)) {
		s->in ^= bit;
		/* Caught: both edges, or the one that GPIOIEV says. */
		if (s->ibe & bit || !(s->iev & bit) == !level)
			s->edges |= bit & ~s->is & ~s->dir;
		update_irq(p);
	}
	pthread_mutex_unlock(&p->lock);
}

void pl061_forget_input(struct pl061 *p, unsigned line)
{
	pthread_mutex_lock(&p->lock);
	p->state.in &= (uint8_t)~(1u << line % PL061_LINES);
	update_irq(p);
	pthread_mutex_unlock(&p->lock);
}

bool pl061_is_watched(struct pl061 *p, unsigned line)
{
	bool watched;

	pthread_mutex_lock(&p->lock);
	watched = p->state.ie & ~p->state.dir & 1u << line % PL061_LINES;
	pthread_mutex_unlock(&p->lock);
	return watched;
}

/* --- The device --- */

/* What is outside does not change by a reset of the port. */
static void pl061_reset(struct device *device)
{
	struct pl061 *p = (struct pl061 *)device;

	pthread_mutex_lock(&p->lock);
	p->state = (struct pl061_state){.in = p->state.in};
	update_irq(p);
	pthread_mutex_unlock(&p->lock);
}

/* Linux: Documentation/devicetree/bindings/gpio/pl061-gpio.yaml */
static int pl061_describe(struct device *device, void *fdt)
{
	static const char *const compatible[] = {"arm,pl061", "arm,primecell", NULL};
	const struct pl061 *p = (struct pl061 *)device;
	const uint64_t reg[1][2] = {{p->base, PRIMECELL_SIZE}};
	int rc;

	if ((rc = devicetree_begin(fdt, "pl061", p->base)) ||
	    (rc = devicetree_strings(fdt, "compatible", compatible)) ||
	    (rc = devicetree_reg(fdt, reg, 1)) ||
	    (rc = devicetree_interrupt(fdt, p->intid, TRIGGER_LEVEL_HIGH)) ||
	    (rc = fdt_property(fdt, "gpio-controller", NULL, 0)) ||
	    (rc = devicetree_u32(fdt, "#gpio-cells", 2)) ||
	    (rc = fdt_property(fdt, "interrupt-controller", NULL, 0)) ||
	    (rc = devicetree_u32(fdt, "#interrupt-cells", 2)) ||
	    (rc = devicetree_u32(fdt, "clocks", PHANDLE_CLOCK)) ||
	    (rc = devicetree_string(fdt, "clock-names", "apb_pclk")) ||
	    (rc = devicetree_u32(fdt, "phandle", PHANDLE_GPIO)))
		return rc;
	return devicetree_end(fdt);
}

static void pl061_destroy(struct device *device)
{
	struct pl061 *p = (struct pl061 *)device;

	pthread_mutex_destroy(&p->lock);
	free(p);
}

static const struct device_ops pl061_ops = {
	.name = "pl061",
	.reset = pl061_reset,
	.describe = pl061_describe,
	.destroy = pl061_destroy,
};

struct pl061 *pl061_create(struct vm *vm, uint64_t base, unsigned intid, struct error *err)
{
	struct pl061 *p = calloc(1, sizeof(*p));

	if (!p) {
		error_set(err, ERROR_NO_MEMORY, "no memory for the GPIO port");
		return NULL;
	}

	const struct bus_region region = {base, PRIMECELL_SIZE, &pl061_mmio, p, "pl061"};

	if (bus_add(&vm->bus, &region, err)) {
		free(p);
		return NULL;
	}
	p->device = (struct device){
		.ops = &pl061_ops,
		.vm = vm,
		.state = &p->state,
		.state_size = sizeof(p->state),
	};
	p->irq = (struct irq_line){.chip = &vm->irq_chip, .intid = intid};
	p->base = base;
	p->intid = intid;
	pthread_mutex_init(&p->lock, NULL);
	vm_add_device(vm, &p->device);
	return p;
}
