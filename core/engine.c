/*
 * Which engines there are, and the choice among them.
 */
#include "core/engine.h"

#include <stdio.h>
#include <string.h>

extern const struct engine interp_engine; /* core/a64/interp.c */
#ifdef __aarch64__
extern const struct engine kvm_engine; /* core/kvm/kvm.c */
#endif
#ifdef __x86_64__
extern const struct engine jit_engine; /* core/a64/jit/engine.c */
#endif

/* The fastest first: "auto" takes the first that the host can run. */
const struct engine *const engines[] = {
#ifdef __aarch64__
	&kvm_engine,
#endif
#ifdef __x86_64__
	&jit_engine,
#endif
	&interp_engine,
	NULL,
};

const char *exit_kind_name(enum exit_kind kind)
{
	static const char *const names[EXIT_KINDS] = {
		[EXIT_MMIO_READ] = "mmio-read",	    [EXIT_MMIO_WRITE] = "mmio-write",
		[EXIT_HYPERCALL] = "hypercall",	    [EXIT_WFI] = "wfi",
		[EXIT_SYSTEM_OFF] = "system-off",   [EXIT_SYSTEM_RESET] = "system-reset",
		[EXIT_INTERRUPTED] = "interrupted", [EXIT_INTERNAL_ERROR] = "internal-error",
	};

	return names[kind];
}

/* Append to a list in a buffer, cut where it is full. */
static void append(char *list, size_t size, const char *separator, const char *text)
{
	size_t used = strlen(list);

	if (snprintf(list + used, size - used, "%s%s", used ? separator : "", text) < 0)
		list[used] = 0;
}

/* The first that this host can run, of all or of those with virtual time. */
static const struct engine *find_first(bool virtual_time, struct error *err)
{
	char reasons[ERROR_TEXT_MAX] = "";

	for (const struct engine *const *engine = engines; *engine; engine++) {
		struct error reason = {0};

		if (virtual_time && !(*engine)->run_until)
			continue;
		if ((*engine)->probe(&reason) == 0)
			return *engine;
		append(reasons, sizeof(reasons), "; ", reason.text);
	}
	error_set(err, ERROR_UNAVAILABLE, "this host can run no engine: %.400s", reasons);
	return NULL;
}

const struct engine *engine_find(const char *name, struct error *err)
{
	char known[256] = "auto";

	if (!strcmp(name, "auto"))
		return find_first(false, err);
	for (const struct engine *const *engine = engines; *engine; engine++) {
		if (!strcmp(name, (*engine)->name))
			return (*engine)->probe(err) == 0 ? *engine : NULL;
		append(known, sizeof(known), ", ", (*engine)->name);
	}
	if (!strcmp(name, "kvm"))
		error_set(err, ERROR_UNAVAILABLE,
			  "engine kvm runs guests on arm64 hosts alone; here there are %s", known);
	else
		error_set(err, ERROR_USAGE, "no engine \"%s\"; there are %s", name, known);
	return NULL;
}

const struct engine *engine_find_virtual(const char *name, struct error *err)
{
	const struct engine *engine;

	if (!strcmp(name, "auto"))
		return find_first(true, err);
	engine = engine_find(name, err);
	if (!engine || engine->run_until)
		return engine;
	error_set(err, ERROR_UNAVAILABLE, "engine %s has no virtual time", name);
	return NULL;
}
