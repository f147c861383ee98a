/*
 * What is too small or too large the engine says; but its 0 is "as usual", and the user's is not.
 */
#include "harness/jit_options.h"

#include <limits.h>

static int set_threshold(struct jit_config *config, const char *value, struct error *err)
{
	uint64_t count;

	if (parse_count("--jit-threshold", value, UINT_MAX, &count, err))
		return -1;
	if (!count)
		return error_set(err, ERROR_USAGE, "--jit-threshold 0: at least 1");
	config->threshold = (unsigned)count;
	return 0;
}

static int set_cache(struct jit_config *config, const char *value, struct error *err)
{
	if (parse_size("--jit-cache", value, &config->cache, err))
		return -1;
	return config->cache ? 0 : error_set(err, ERROR_USAGE, "--jit-cache 0: at least 1M");
}

int jit_set_option(struct jit_config *config, int id, const char *value, struct error *err)
{
	return id == OPT_JIT_CACHE ? set_cache(config, value, err)
				   : set_threshold(config, value, err);
}
