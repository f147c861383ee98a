/*
 * The command line of `god lockstep`. What a machine is, is said as to `god run`: those options are
 * taken from its table, and set by its function.
 */
#include <stddef.h>
#include <string.h>

#include "harness/lockstep.h"
#include "harness/run.h"

/* Ids beyond those of `god run`. */
enum { OPT_ENGINES = 1000, OPT_EVERY, OPT_UNTIL, OPT_INPUT };

#define TICKS_MAX (1ULL << 62)

static const struct option_spec own_options[] = {
	{OPT_ENGINES, "engines", "NAME,NAME",
	 "the reference, and what is held against it (interp,jit)"},
	{OPT_EVERY, "every", "N", "compare every N ticks (10000)"},
	{OPT_UNTIL, "until", "N", "stop at tick N, when the guest has not ended before"},
	{OPT_INPUT, "input", "FILE", "type what is in FILE into the guest's console"},
};

static const char *const shared_options[] = {"kernel",	  "binary",	   "initramfs", "append",
					     "dtb",	  "cpus",	   "memory",	"gic",
					     "jit-cache", "jit-threshold", "timeout",	"help"};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* One more than all of them: the table ends with zeroes. */
struct table {
	struct option_spec specs[COUNT(own_options) + COUNT(shared_options) + 1];
};

static const struct option_spec *find_shared(const char *name)
{
	const struct option_spec *spec = run_options;

	while (strcmp(spec->name, name))
		spec++;
	return spec;
}

static struct table make_table(void)
{
	struct table table = {0};
	unsigned n = 0;

	for (unsigned i = 0; i < COUNT(shared_options); i++)
		table.specs[n++] = *find_shared(shared_options[i]);
	for (unsigned i = 0; i < COUNT(own_options); i++)
		table.specs[n++] = own_options[i];
	return table;
}

void lockstep_print_options(FILE *out)
{
	struct table table = make_table();

	options_print(table.specs, out);
}

static int set_engines(struct lockstep_config *config, const char *names, struct error *err)
{
	const char *comma = strchr(names, ',');
	char first[32];

	if (!comma || comma - names >= (ptrdiff_t)sizeof(first))
		return error_set(err, ERROR_USAGE, "--engines %s: not two names, as in interp,jit",
				 names);
	memcpy(first, names, (size_t)(comma - names));
	first[comma - names] = '\0';
	config->engines[0] = engine_find_virtual(first, err);
	config->engines[1] = config->engines[0] ? engine_find_virtual(comma + 1, err) : NULL;
	return config->engines[1] ? 0 : -1;
}

static int set_ticks(const char *what, const char *value, uint64_t *count, struct error *err)
{
	if (parse_count(what, value, TICKS_MAX, count, err))
		return -1;
	return *count ? 0 : error_set(err, ERROR_USAGE, "%s 0: at least 1", what);
}

static int set_option(struct lockstep_command *command, struct run_config *machine, int id,
		      const char *value, struct error *err)
{
	struct lockstep_config *config = &command->config;
	const char *engine;

	switch (id) {
	case OPT_ENGINES: return set_engines(config, value, err);
	case OPT_EVERY: return set_ticks("--every", value, &config->every, err);
	case OPT_UNTIL: return set_ticks("--until", value, &config->until, err);
	case OPT_INPUT: command->input = value; return 0;
	default: return run_set_option(machine, id, value, &engine, err);
	}
}

int lockstep_parse(struct lockstep_command *command, char *const argv[], struct error *err)
{
	const struct table table = make_table();
	struct options options = {.specs = table.specs, .command = "god lockstep", .argv = argv};
	struct run_config machine = run_config_default;
	struct lockstep_config *config = &command->config;
	const char *value;
	int id;

	*command = (struct lockstep_command){.config = {.every = LOCKSTEP_EVERY,
							.until = CLOCK_NEVER,
							.patience_ms = LOCKSTEP_PATIENCE_MS}};
	while ((id = options_next(&options, &value, err)) != OPTION_END) {
		if (set_option(command, &machine, id, value, err))
			return -1;
	}
	command->help = machine.help;
	if (command->help)
		return 0;
	if (run_complete(&machine, err))
		return -1;
	config->vm = machine.vm;
	config->boot = machine.boot;
	config->timeout_ns = machine.has_timeout ? machine.timeout_ns : 0;
	return config->engines[0] ? 0 : set_engines(config, "interp,jit", err);
}
