/*
 * Self-hosted debug: hardware breakpoints and watchpoints (Arm ARM, D2.8 to D2.10), as a guest's
 * ptrace and its debuggers set them. Software step is in the run loop.
 *
 * What is watched is kept out of the fast paths instead of being looked for in them: a page that holds an
 * enabled breakpoint is never in the fetch cache, so that each instruction there is fetched by
 * the slow path, one at a time (core/a64/code.c); a page that holds an enabled watchpoint is never in
 * level 1 of the TLB, so that each access to it takes the slow path (core/a64/access.c). Those check.
 * Whether a match counts in the current state (exception level, PSTATE.D, context) is decided there, too.
 */
#ifndef GOD_CORE_A64_DEBUG_H
#define GOD_CORE_A64_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/error.h"
#include "core/sysreg.h"

/* As many as a Neoverse N1 has. The last ones can match the context, the others an address alone. */
#define A64_BREAKPOINTS		6
#define A64_WATCHPOINTS		4
#define A64_CONTEXT_BREAKPOINTS 2

/* The registers of breakpoints and watchpoints. */
int a64_debug_add_registers(struct sysreg_table *table, struct error *err);

/* Which pages are kept out of the fast paths: after a change of MDSCR_EL1, the OS lock, a breakpoint or
 * a watchpoint. It takes effect at the end of the straight run. */
void a64_debug_update(struct a64_cpu *cpu);

/* Are debug exceptions enabled at that EL and PSTATE.D (AArch64.GenerateDebugExceptionsFrom)? */
bool a64_debug_enabled(const struct a64_cpu *cpu, unsigned el, bool masked);

/* Has the page of va an enabled breakpoint, or watchpoint? Cheap when there is none at all. */
bool a64_debug_breaks_page(const struct a64_cpu *cpu, uint64_t va);
bool a64_debug_watches_page(const struct a64_cpu *cpu, uint64_t va);

/* Is there a breakpoint at pc, in the current state? */
bool a64_debug_breaks(const struct a64_cpu *cpu, uint64_t pc);

/*
 * Does an access of [va, va + size) hit a watchpoint? Then *hit is the first watched byte.
 * `unprivileged`: LDTR, STTR.
 */
bool a64_debug_watches(const struct a64_cpu *cpu, uint64_t va, unsigned size, bool write,
		       bool unprivileged, uint64_t *hit);

#endif
