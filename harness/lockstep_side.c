/*
 * The same calls as for `god run`, with a console that keeps what there is to compare.
 */
#include "harness/lockstep_side.h"

#include "devices/pl011.h"
#include "harness/input.h"

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
#define FNV_BASIS 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

static void side_transmit(void *owner, const uint8_t *bytes, size_t len)
{
	struct lockstep_side *side = owner;
	struct lockstep_console *console = &side->console;

	for (size_t i = 0; i < len; i++) {
		console->tail[console->count++ % CONSOLE_TAIL] = (char)bytes[i];
		console->hash = (console->hash ^ bytes[i]) * FNV_PRIME;
	}
}

static void side_ready(void *owner)
{
	struct lockstep_side *side = owner;

	if (side->input)
		input_ready(side->input);
}

static void side_expired(void *owner)
{
	const struct lockstep_side *side = owner;
	const struct vm_result result = {.end = VM_END_TIMEOUT};

	vm_stop(side->vm, &result);
}

static int create_input(struct lockstep_side *side, struct bytes text, struct error *err)
{
	const struct serial_port port = pl011_port(side->board.console);

	if (!text.len)
		return 0;
	if (input_create(&side->input, side->vm, &port, NULL, NULL, err))
		return -1;
	if (!input_feed(side->input, text.data, text.len))
		return error_set(err, ERROR_BAD_DATA, "the input is too long");
	input_ready(side->input);
	return 0;
}

int lockstep_side_create(struct lockstep_side *side, const struct lockstep_config *config,
			 const struct engine *engine, const struct schedule_watch *watch,
			 struct error *err)
{
	struct vm_config vm = config->vm;

	*side = (struct lockstep_side){.console.hash = FNV_BASIS};
	side->serial = (struct serial_backend){
		.transmit = side_transmit,
		.ready = side_ready,
		.owner = side,
	};
	vm.engine = engine;
	vm.backing = MEMORY_SHARED; /* for its holes, see lockstep_memory.c */
	vm.virtual_time = true;
	vm.watch = *watch;
	vm.trace = (struct trace){0};
	if (vm_create(&side->vm, &vm, err) ||
	    board_create(side->vm, &side->board, &side->serial, err) ||
	    boot_load(side->vm, &config->boot, err) || create_input(side, config->input, err))
		return -1;
	if (!config->timeout_ns)
		return 0;
	return deadline_start(&side->deadline, side->vm->loop, config->timeout_ns, side_expired,
			      side, err);
}

void lockstep_side_run(struct lockstep_side *side)
{
	side->failed = vm_run(side->vm, &side->result, &side->err);
}

void lockstep_side_destroy(struct lockstep_side *side)
{
	deadline_stop(&side->deadline);
	vm_silence(side->vm);
	input_destroy(side->input);
	vm_destroy(side->vm);
	*side = (struct lockstep_side){0};
}
