/*
 * Lockstep: the same guest on two engines side by side. With virtual time a run is a function of its
 * inputs, so both must be in the same state at the same tick of the counter; where they are not, one
 * of the engines is wrong. Where that begins is found by running both again, to ticks in between.
 *
 * A tick is a completed instruction or an exception taken (core/schedule.h). Translated code is left
 * for the interpreter shortly before an exact tick: so the first tick at which jit differs is the end of
 * the block of instructions that has the fault.
 */
#ifndef GOD_HARNESS_LOCKSTEP_H
#define GOD_HARNESS_LOCKSTEP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/boot/boot.h"
#include "core/engine.h"
#include "core/vm.h"
#include "harness/elf_section.h"
#include "harness/options.h"
#include "harness/test_run.h"

#define LOCKSTEP_EVERY	     10000
#define LOCKSTEP_PATIENCE_MS 60000

struct lockstep_config {
	struct vm_config vm; /* engine, virtual_time, watch and trace are not looked at */
	struct boot_config boot;
	const struct engine *engines[2]; /* the reference first */
	struct bytes input;		 /* typed into the console, as fast as the guest takes it */
	uint64_t every;			 /* ticks from one comparison to the next, at least 1 */
	uint64_t until;			 /* the tick at which both are stopped; CLOCK_NEVER */
	uint64_t timeout_ns;		 /* for each run of a VM; 0: none */
	uint64_t patience_ms;		 /* how long the one waits for the other at a look */
};

enum lockstep_verdict {
	LOCKSTEP_SAME,
	LOCKSTEP_DIFFERENT,
	LOCKSTEP_TIMEOUT, /* the same as far as they came */
};

struct lockstep_outcome {
	enum lockstep_verdict verdict;
	struct vm_result end; /* the reference's */
	uint64_t ticks;	      /* of the reference's end */
	uint64_t looks;	      /* comparisons */
	uint64_t different;   /* LOCKSTEP_DIFFERENT: the first tick at which they are */
};

/*
 * Run both and compare. What differs, and what the reference executed before, is written to `out`.
 * -1: a VM could not be set up or run.
 */
int lockstep_run(const struct lockstep_config *config, struct lockstep_outcome *outcome, FILE *out,
		 struct error *err);

/* A guest test on the machine's engine beside interp. What it expects is not looked at. */
enum test_verdict lockstep_test(const struct test_case *test, const struct test_machine *machine,
				FILE *out);

/* `god lockstep`. */
struct lockstep_command {
	struct lockstep_config config;
	const char *input; /* path or NULL */
	bool help;
};

/* The options of its own; the others are `god run`'s. */
void lockstep_print_options(FILE *out);

/* Parse the arguments that follow `god lockstep`. */
int lockstep_parse(struct lockstep_command *command, char *const argv[], struct error *err);

/* Do it, with argv as main() has it. Returns the exit status; errors are printed. */
int lockstep_main(char *const argv[]);

#endif
