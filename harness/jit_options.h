/*
 * Options for the engine that translates, which several commands have.
 */
#ifndef GOD_HARNESS_JIT_OPTIONS_H
#define GOD_HARNESS_JIT_OPTIONS_H

#include "core/engine.h"
#include "harness/options.h"

enum { OPT_JIT_CACHE = 500, OPT_JIT_THRESHOLD };

/* Entries of a command's table. */
#define JIT_OPTIONS                                                  \
	{OPT_JIT_CACHE, "jit-cache", "SIZE",                         \
	 "engine jit: memory for each CPU's translated code (32M)"}, \
		{OPT_JIT_THRESHOLD, "jit-threshold", "N",            \
		 "engine jit: translate what is reached for the Nth time (16)"}

/* Set one of them. */
int jit_set_option(struct jit_config *config, int id, const char *value, struct error *err);

#endif
