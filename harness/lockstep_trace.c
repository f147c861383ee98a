/*
 * The VM is watched: shortly before the bound the trace is turned on.
 */
#include "harness/lockstep_trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/trace.h"
#include "harness/explain.h"
#include "harness/lockstep_side.h"

struct tracer {
	uint64_t bound;
	uint64_t next; /* address that follows the last instruction printed */
	unsigned cpu;  /* its vCPU */
};

static uint64_t look(void *owner, struct vm *vm, uint64_t counter)
{
	const struct tracer *tracer = owner;

	if (counter >= tracer->bound)
		return 0;
	vm->trace.enabled = TRACE_INSN | TRACE_EXCEPTION;
	return tracer->bound;
}

/* "insn: cpu0 EL1 0x40080000 d2a121fe NAME" */
static void print_line(struct tracer *tracer, const char *line, FILE *out)
{
	unsigned cpu, el;
	uint64_t pc;
	uint32_t word;

	if (sscanf(line, "insn: cpu%u EL%u %" SCNx64 " %" SCNx32, &cpu, &el, &pc, &word) != 4) {
		fprintf(out, "  %s\n", line);
		return;
	}
	if (tracer->next && (pc != tracer->next || cpu != tracer->cpu))
		fputc('\n', out);
	fprintf(out, "  cpu%u EL%u ", cpu, el);
	explain_word(out, pc, word);
	tracer->next = pc + 4;
	tracer->cpu = cpu;
}

/* Run it, with the trace to `stream`. */
static int run_traced(const struct lockstep_config *config, const struct schedule_watch *watch,
		      FILE *stream, struct error *err)
{
	struct lockstep_side side;
	int failed = lockstep_side_create(&side, config, config->engines[0], watch, err);

	if (!failed) {
		side.vm->trace.stream = stream;
		lockstep_side_run(&side);
		failed = side.failed;
		if (failed)
			*err = side.err;
	}
	lockstep_side_destroy(&side);
	return failed;
}

int lockstep_trace(const struct lockstep_config *config, uint64_t bound, uint64_t count, FILE *out,
		   struct error *err)
{
	struct tracer tracer = {.bound = bound};
	const struct schedule_watch watch = {
		.first = bound > count ? bound - count : 0,
		.look = look,
		.owner = &tracer,
	};
	char *text = NULL, *rest = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	int failed;

	if (!stream)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a trace");
	failed = run_traced(config, &watch, stream, err);
	fclose(stream);
	for (char *line = strtok_r(text, "\n", &rest); line && !failed;
	     line = strtok_r(NULL, "\n", &rest))
		print_line(&tracer, line, out);
	free(text);
	return failed;
}
