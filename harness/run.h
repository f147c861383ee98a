/*
 * `god run`: boot one guest and give it the terminal.
 */
#ifndef GOD_HARNESS_RUN_H
#define GOD_HARNESS_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/boot/boot.h"
#include "core/engine.h"
#include "core/vm.h"
#include "harness/attach.h"
#include "harness/options.h"

/* What the command line says. Strings are argv's. */
struct run_config {
	struct vm_config vm;
	struct boot_config boot;
	struct attach_config attach;
	const char *trace_file; /* NULL: standard error */
	bool has_timeout;
	uint64_t timeout_ns;
	bool no_reboot;
	bool stats;
	bool perf_map;
	bool help;
};

#define RUN_MEMORY_DEFAULT (512ULL << 20)
#define RUN_APPEND_DEFAULT "console=ttyAMA0"
#define RUN_APPEND_VIRTIO  "console=hvc0"

/* What `god run` accepts, for --help. */
extern const struct option_spec run_options[];

/* What a command line begins with, one option of it (OPTION_OPERAND and OPTION_ERROR too), and what
 * has to be there and to be added in the end. */
extern const struct run_config run_config_default;
int run_set_option(struct run_config *config, int id, const char *value, const char **engine,
		   struct error *err);
int run_complete(struct run_config *config, struct error *err);

/* Parse the arguments that follow `god run`. ERROR_USAGE, or what engine_find() says. */
int run_parse(struct run_config *config, char *const argv[], struct error *err);

/* Do it. Returns the exit status; errors are printed. */
int run_main(char *const argv[]);

#endif
