/*
 * Registers are taken by name from the engine, and all others from the table of system registers, so
 * that a register which is added to the CPU or to a device is compared without a line here.
 */
#include "harness/lockstep_compare.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "core/device.h"
#include "core/sysreg.h"
#include "core/vcpu.h"

static const char *const registers[] = {
	"x0",  "x1",  "x2",  "x3",  "x4",  "x5",   "x6",   "x7",     "x8",     "x9",
	"x10", "x11", "x12", "x13", "x14", "x15",  "x16",  "x17",    "x18",    "x19",
	"x20", "x21", "x22", "x23", "x24", "x25",  "x26",  "x27",    "x28",    "x29",
	"x30", "sp",  "pc",  "v0",  "v1",  "v2",   "v3",   "v4",     "v5",     "v6",
	"v7",  "v8",  "v9",  "v10", "v11", "v12",  "v13",  "v14",    "v15",    "v16",
	"v17", "v18", "v19", "v20", "v21", "v22",  "v23",  "v24",    "v25",    "v26",
	"v27", "v28", "v29", "v30", "v31", "fpcr", "fpsr", "pstate", "sp_el0", "sp_el1",
};

/* Reading these takes an interrupt; the bank of SP_EL0 is stale while SP_EL0 is `sp`. */
static const char *const not_read[] = {"icc_iar0_el1", "icc_iar1_el1", "sp_el0"};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* --- Lines --- */

static void print_names(FILE *out, const struct lockstep_side sides[2])
{
	fprintf(out, "  %-24s %-34s %s\n", "", sides[0].vm->engine->name,
		sides[1].vm->engine->name);
}

/* Say that a number differs, under a name of two words. True when it does not. */
static bool same_number(FILE *out, const char *what, const char *name, uint64_t a, uint64_t b)
{
	char title[64];

	if (a == b)
		return true;
	if (!out)
		return false;
	snprintf(title, sizeof(title), "%s %s", what, name);
	fprintf(out, "  %-24s 0x%016" PRIx64 "%-17s0x%016" PRIx64 "\n", title, a, "", b);
	return false;
}

static bool same_count(FILE *out, const char *what, uint64_t a, uint64_t b)
{
	if (a != b && out)
		fprintf(out, "  %-24s %-34" PRIu64 " %" PRIu64 "\n", what, a, b);
	return a == b;
}

/* --- vCPUs --- */

static bool same_register(FILE *out, const char *cpu, const char *name, struct vcpu *const vcpus[2])
{
	struct reg_value a = {0}, b = {0};
	char title[32];

	vcpus[0]->vm->engine->reg_get(vcpus[0], name, &a, NULL);
	vcpus[1]->vm->engine->reg_get(vcpus[1], name, &b, NULL);
	if (a.lo == b.lo && a.hi == b.hi)
		return true;
	if (name[0] != 'v')
		return same_number(out, cpu, name, a.lo, b.lo);
	if (!out)
		return false;
	snprintf(title, sizeof(title), "%s %s", cpu, name);
	fprintf(out, "  %-24s 0x%016" PRIx64 "_%016" PRIx64 " 0x%016" PRIx64 "_%016" PRIx64 "\n",
		title, a.hi, a.lo, b.hi, b.lo);
	return false;
}

static bool is_read(const struct sysreg *reg)
{
	for (unsigned i = 0; i < COUNT(not_read); i++) {
		if (!strcmp(reg->name, not_read[i]))
			return false;
	}
	return reg->read;
}

static bool same_sysregs(FILE *out, const char *cpu, struct vcpu *const vcpus[2])
{
	const struct sysreg_table *table = &vcpus[0]->vm->sysregs;
	bool same = true;

	for (unsigned i = 0; i < table->count && (same || out); i++) {
		const struct sysreg *a = &table->regs[i];
		const struct sysreg *b = sysreg_find(&vcpus[1]->vm->sysregs, a->key);

		if (is_read(a) && b)
			same &= same_number(out, cpu, a->name, a->read(a->owner, vcpus[0]),
					    b->read(b->owner, vcpus[1]));
	}
	return same;
}

static bool same_vcpu(FILE *out, struct vcpu *a, struct vcpu *b)
{
	struct vcpu *const vcpus[2] = {a, b};
	char cpu[16], title[32];
	bool same;

	snprintf(cpu, sizeof(cpu), "cpu%u", a->index);
	snprintf(title, sizeof(title), "%s ticks", cpu);
	same = same_count(out, title, a->vm->engine->executed(a), b->vm->engine->executed(b));
	same &= same_number(out, cpu, "power", vcpu_power_state(a), vcpu_power_state(b));
	same &= same_number(out, cpu, "interrupts", a->inputs, b->inputs);
	for (unsigned i = 0; i < COUNT(registers) && (same || out); i++)
		same &= same_register(out, cpu, registers[i], vcpus);
	if (same || out)
		same &= same_sysregs(out, cpu, vcpus);
	return same;
}

/* --- Devices --- */

static bool same_device(FILE *out, const struct device *a, const struct device *b)
{
	const uint8_t *left = a->state, *right = b->state;
	size_t at = 0;

	if (!a->state_size || !memcmp(left, right, a->state_size))
		return true;
	if (!out)
		return false;
	while (left[at] == right[at])
		at++;
	fprintf(out, "  device %s: its state, from byte %zu on: 0x%02x, 0x%02x\n", a->ops->name, at,
		left[at], right[at]);
	return false;
}

static bool same_devices(FILE *out, const struct vm *a, const struct vm *b)
{
	const struct device *left = a->devices, *right = b->devices;
	bool same = true;

	for (; left && right && (same || out); left = left->next, right = right->next)
		same &= same_device(out, left, right);
	return same;
}

/* --- The console --- */

static void print_tail(FILE *out, const struct lockstep_console *console)
{
	uint64_t from = console->count > CONSOLE_TAIL ? console->count - CONSOLE_TAIL : 0;

	fprintf(out, "%" PRIu64 " bytes, at the end \"", console->count);
	for (; from < console->count; from++) {
		char c = console->tail[from % CONSOLE_TAIL];

		if (isprint((unsigned char)c))
			fputc(c, out);
		else
			fprintf(out, "\\x%02x", (unsigned char)c);
	}
	fputs("\"\n", out);
}

static bool same_console(FILE *out, const struct lockstep_side sides[2])
{
	const struct lockstep_console *a = &sides[0].console, *b = &sides[1].console;

	if (a->count == b->count && a->hash == b->hash)
		return true;
	for (unsigned i = 0; out && i < 2; i++) {
		fprintf(out, "  console of %s: ", sides[i].vm->engine->name);
		print_tail(out, &sides[i].console);
	}
	return false;
}

bool lockstep_same_state(const struct lockstep_side sides[2], FILE *out)
{
	struct vm *a = sides[0].vm, *b = sides[1].vm;
	bool same = true;

	if (out)
		print_names(out, sides);
	same &= same_count(out, "tick", clock_counter(&a->clock), clock_counter(&b->clock));
	for (unsigned i = 0; i < a->cpus && (same || out); i++)
		same &= same_vcpu(out, &a->vcpus[i], &b->vcpus[i]);
	if (same || out)
		same &= same_devices(out, a, b);
	if (same || out)
		same &= same_console(out, sides);
	return same;
}

/* --- The end --- */

void lockstep_describe_end(const struct vm_result *result, char *text, size_t size)
{
	switch (result->end) {
	case VM_END_EXIT: snprintf(text, size, "status %d", result->status); break;
	case VM_END_OFF: snprintf(text, size, "power-off"); break;
	case VM_END_RESET: snprintf(text, size, "reset"); break;
	case VM_END_TIMEOUT: snprintf(text, size, "time limit"); break;
	case VM_END_STOPPED: snprintf(text, size, "goes on"); break;
	case VM_END_ERROR: snprintf(text, size, "%s", result->error.text); break;
	case VM_END_NONE: snprintf(text, size, "none"); break;
	}
}

bool lockstep_same_end(const struct lockstep_side sides[2], FILE *out)
{
	const struct vm_result *a = &sides[0].result, *b = &sides[1].result;
	char left[ERROR_TEXT_MAX], right[ERROR_TEXT_MAX];

	if (a->end == b->end && a->cpu == b->cpu && a->status == b->status)
		return true;
	if (!out)
		return false;
	lockstep_describe_end(a, left, sizeof(left));
	lockstep_describe_end(b, right, sizeof(right));
	fprintf(out, "  %-24s %-34s %s\n", "end", left, right);
	return false;
}
