/*
 * ITS: the commands (IHI 0069, 5.3). The guest writes them into a ring in its memory, 32 bytes each,
 * and moves GITS_CWRITER on; GITS_CREADR follows at once, so that SYNC has nothing to wait for.
 *
 * A command whose operands are wrong is skipped, as the specification allows; a queue that is not in
 * RAM stalls the ITS until GITS_CWRITER.Retry is written. One write to GITS_CWRITER makes no more work
 * than the ring is long: what the commands change is looked at once, afterwards.
 */
#include <stddef.h>

#include "core/memory.h"
#include "core/vm.h"
#include "devices/gicv3.h"
#include "devices/its_state.h"

#define COMMAND_SIZE 32

#define CBASER_VALID   (1ULL << 63)
#define CBASER_ADDRESS 0x000ffffffffff000ULL

struct command {
	uint64_t word[4];
};

static uint32_t command_device(const struct command *c)
{
	return c->word[0] >> 32;
}

static uint32_t command_event(const struct command *c)
{
	return (uint32_t)c->word[1];
}

static uint16_t command_collection(const struct command *c)
{
	return (uint16_t)c->word[2];
}

static bool command_valid(const struct command *c)
{
	return c->word[2] >> 63;
}

/* RDbase is the number of a vCPU (GITS_TYPER.PTA is 0). */
static uint32_t rdbase(uint64_t word)
{
	return word >> 16 & 0xffffffff;
}

static void mark(struct its *its, unsigned cpu)
{
	its->changed |= 1u << cpu;
}

/* --- Mapping --- */

static void do_mapd(struct its *its, const struct command *c)
{
	const struct its_device device = {.itt = c->word[2], .bits = (c->word[1] & 0x1f) + 1};

	if (!command_valid(c))
		its_device_set(its, command_device(c), NULL);
	else if (device.bits <= ITS_ID_BITS)
		its_device_set(its, command_device(c), &device);
}

static void do_mapc(struct its *its, const struct command *c)
{
	uint32_t cpu = rdbase(c->word[2]);

	if (!command_valid(c))
		its_collection_set(its, command_collection(c), ITS_NO_CPU);
	else if (cpu < its->device.vm->cpus)
		its_collection_set(its, command_collection(c), cpu);
}

static void map_event(struct its *its, const struct command *c, uint32_t intid)
{
	const struct its_event event = {.intid = intid, .collection = command_collection(c)};
	struct its_device device;

	if (its_device_get(its, command_device(c), &device))
		its_event_set(its, &device, command_event(c), &event);
}

static void do_mapti(struct its *its, const struct command *c)
{
	map_event(its, c, c->word[1] >> 32);
}

static void do_mapi(struct its *its, const struct command *c)
{
	map_event(its, c, command_event(c));
}

static void do_movi(struct its *its, const struct command *c)
{
	struct its_device device;
	struct its_event event;
	unsigned from, to;

	if (!its_translate(its, command_device(c), command_event(c), &event, &from) ||
	    !its_collection_get(its, command_collection(c), &to) ||
	    !its_device_get(its, command_device(c), &device))
		return;
	event.collection = command_collection(c);
	its_event_set(its, &device, command_event(c), &event);
	gicv3_lpi_move(its->gic, from, to, event.intid);
	mark(its, from);
	mark(its, to);
}

static void do_movall(struct its *its, const struct command *c)
{
	uint32_t from = rdbase(c->word[2]), to = rdbase(c->word[3]);

	if (from >= its->device.vm->cpus || to >= its->device.vm->cpus)
		return;
	gicv3_lpi_move_all(its->gic, from, to);
	mark(its, from);
	mark(its, to);
}

/* --- Pending state and configuration --- */

static bool pend(struct its *its, const struct command *c, bool pending)
{
	struct its_event event;
	unsigned cpu;

	if (!its_translate(its, command_device(c), command_event(c), &event, &cpu))
		return false;
	gicv3_lpi_set(its->gic, cpu, event.intid, pending);
	mark(its, cpu);
	return true;
}

static void do_int(struct its *its, const struct command *c)
{
	pend(its, c, true);
}

static void do_clear(struct its *its, const struct command *c)
{
	pend(its, c, false);
}

static void do_discard(struct its *its, const struct command *c)
{
	struct its_device device;

	pend(its, c, false);
	if (its_device_get(its, command_device(c), &device))
		its_event_set(its, &device, command_event(c), NULL);
}

/* The GIC keeps no copy of the configuration, but what it made of it. */
static void do_inv(struct its *its, const struct command *c)
{
	struct its_event event;
	unsigned cpu;

	if (its_translate(its, command_device(c), command_event(c), &event, &cpu))
		mark(its, cpu);
}

static void do_invall(struct its *its, const struct command *c)
{
	unsigned cpu;

	if (its_collection_get(its, command_collection(c), &cpu))
		mark(its, cpu);
}

static void do_nothing(struct its *its, const struct command *c)
{
	(void)its;
	(void)c;
}

/* --- The queue --- */

/* By the number in bits [7:0] of the first word. */
static void (*const commands[])(struct its *its, const struct command *c) = {
	[0x01] = do_movi, [0x03] = do_int,    [0x04] = do_clear,  [0x05] = do_nothing /* SYNC */,
	[0x08] = do_mapd, [0x09] = do_mapc,   [0x0a] = do_mapti,  [0x0b] = do_mapi,
	[0x0c] = do_inv,  [0x0d] = do_invall, [0x0e] = do_movall, [0x0f] = do_discard,
};

static void execute(struct its *its, const struct command *c)
{
	unsigned number = c->word[0] & 0xff;

	if (number < sizeof(commands) / sizeof(*commands) && commands[number])
		commands[number](its, c);
}

static bool fetch(const struct its *its, struct command *c)
{
	uint64_t at = (its->state.cbaser & CBASER_ADDRESS) + its->state.creadr;
	const uint64_t *words = memory_at(&its->device.vm->memory, at, COMMAND_SIZE);

	for (unsigned i = 0; words && i < 4; i++)
		c->word[i] = __atomic_load_n(&words[i], __ATOMIC_RELAXED);
	return words;
}

uint32_t its_queue_size(const struct its *its)
{
	return its->state.cbaser & CBASER_VALID ? ((its->state.cbaser & 0xff) + 1) << 12 : 0;
}

void its_execute(struct its *its)
{
	struct its_state *s = &its->state;
	uint32_t size = its_queue_size(its);
	struct command command;

	/* A writer outside the ring would never be reached. */
	if (!s->enabled || s->stalled || s->cwriter >= size || s->creadr >= size)
		return;
	while (s->creadr != s->cwriter && !s->stalled) {
		s->stalled = !fetch(its, &command);
		if (s->stalled)
			break;
		execute(its, &command);
		s->creadr = (s->creadr + COMMAND_SIZE) % size;
	}
	gicv3_lpi_update(its->gic, its->changed);
	its->changed = 0;
}
