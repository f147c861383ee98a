/*
 * Running a test: the same calls as for `god run`, with a buffer for a console, and afterwards a
 * comparison of what is with what the test expects.
 */
#include "harness/test_run.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/boot.h"
#include "devices/board.h"
#include "devices/pl011.h"
#include "devices/serial.h"
#include "harness/deadline.h"
#include "harness/explain.h"
#include "harness/feature.h"
#include "harness/input.h"
#include "harness/test_devices.h"

#define UART_MAX (1 << 20)

#define ESR_EC_SHIFT 26
#define VECTORS_SIZE 0x800
#define VECTOR_SIZE  0x80

struct test_vm {
	const struct test_case *test;
	const struct engine *engine;
	FILE *out;
	struct text elf;
	struct serial_backend serial;
	struct vm *vm;
	struct board board;
	struct input *input;
	struct deadline deadline;
	struct vm_result result;
	struct text uart; /* written by vCPU threads, one at a time */
	const struct test_machine *machine;
};

/* --- The machine --- */

static void test_transmit(void *owner, const uint8_t *bytes, size_t len)
{
	struct test_vm *t = owner;

	if (len > UART_MAX - t->uart.len)
		len = UART_MAX - t->uart.len;
	memcpy(t->uart.data + t->uart.len, bytes, len);
	t->uart.len += len;
}

static void test_ready(void *owner)
{
	struct test_vm *t = owner;

	if (t->input)
		input_ready(t->input);
}

static void test_expired(void *owner)
{
	struct test_vm *t = owner;
	const struct vm_result result = {.end = VM_END_TIMEOUT};

	vm_stop(t->vm, &result);
}

static int test_create(struct test_vm *t, struct error *err)
{
	const struct test_case *test = t->test;
	const struct vm_config config = {
		.engine = t->engine,
		.cpus = (unsigned)test->cpus,
		.memory = test->memory,
		.gic = (unsigned)test->gic,
		.virtual_time = t->machine->virtual_time || test->virtual_time,
		.jit = t->machine->jit,
	};

	t->serial = (struct serial_backend){
		.transmit = test_transmit,
		.ready = test_ready,
		.owner = t,
	};
	t->uart.data = malloc(UART_MAX);
	if (!t->uart.data)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the test's output");
	if (test_file_read(&t->elf, test->path, err) || vm_create(&t->vm, &config, err) ||
	    board_create(t->vm, &t->board, &t->serial, err))
		return -1;
	return test_devices_attach(&test->devices, t->vm, &t->board, &t->serial, err);
}

static int test_load(struct test_vm *t, struct error *err)
{
	const struct boot_config boot = {.kernel = t->test->path};
	const struct text *text = &t->test->input;
	const struct serial_port port = pl011_port(t->board.console);

	if (boot_load(t->vm, &boot, err))
		return -1;
	if (!text->len)
		return 0;
	if (input_create(&t->input, t->vm, &port, NULL, NULL, err))
		return -1;
	if (!input_feed(t->input, text->data, text->len))
		return error_set(err, ERROR_BAD_DATA, "uart_input is too long");
	input_ready(t->input);
	return 0;
}

static void test_destroy(struct test_vm *t)
{
	deadline_stop(&t->deadline);
	vm_silence(t->vm);
	input_destroy(t->input);
	vm_destroy(t->vm);
	free(t->uart.data);
	free(t->elf.data);
}

/* --- Is it for this machine? --- */

/* Writes why not. */
static bool is_for_engine(const struct test_vm *t)
{
	const struct word_list *engines = &t->test->engines;

	for (unsigned i = 0; i < engines->count; i++) {
		if (!strcmp(engines->words[i], t->engine->name))
			return true;
	}
	if (engines->count)
		fprintf(t->out, "not for engine %s\n", t->engine->name);
	return !engines->count;
}

/* 1 when all features are there, 0 when one is missing (which is written), or -1. */
static int has_features(const struct test_vm *t, struct error *err)
{
	const struct word_list *needs = &t->test->needs;

	for (unsigned i = 0; i < needs->count; i++) {
		bool present;

		if (feature_present(&t->vm->vcpus[0], needs->words[i], &present, err))
			return -1;
		if (!present) {
			fprintf(t->out, "needs %s\n", needs->words[i]);
			return 0;
		}
	}
	return 1;
}

/* --- Comparing --- */

static uint64_t get(const struct test_vm *t, const char *name)
{
	struct vcpu *vcpu = &t->vm->vcpus[t->result.cpu];
	struct reg_value value = {0};

	t->engine->reg_get(vcpu, name, &value, NULL);
	return value.lo;
}

/* The parts of registers that have names of their own; `whole` is the register that has them. */
static const struct register_part {
	char prefix;
	char whole;
	unsigned bits;
} register_parts[] = {
	{'w', 'x', 32}, {'q', 'v', 128}, {'d', 'v', 64},
	{'s', 'v', 32}, {'h', 'v', 16},	 {'b', 'v', 8},
};

static const struct register_part *find_part(const char *name)
{
	bool numbered = name[1] >= '0' && name[1] <= '9';

	for (size_t i = 0; numbered && i < sizeof(register_parts) / sizeof(*register_parts); i++) {
		if (register_parts[i].prefix == name[0])
			return &register_parts[i];
	}
	return NULL;
}

/* Read a register as test.inc names it. */
static int read_register(const struct test_vm *t, const char *name, struct reg_value *value,
			 struct error *err)
{
	const struct register_part *part = find_part(name);
	char whole[TEST_REGISTER_NAME_MAX];

	strcpy(whole, name); /* both have the same size */
	if (part)
		whole[0] = part->whole;
	if (!strcmp(whole, "x30")) /* where `finish` keeps it */
		strcpy(whole, "tpidr_el0");
	if (t->engine->reg_get(&t->vm->vcpus[t->result.cpu], whole, value, err))
		return -1;
	if (part && part->bits <= 64)
		value->hi = 0;
	if (part && part->bits < 64)
		value->lo &= (1ULL << part->bits) - 1;
	return 0;
}

static void print_value(FILE *out, const char *name, struct reg_value value)
{
	unsigned flags = (unsigned)value.lo;

	if (!strcmp(name, "nzcv") && value.lo < 16)
		fprintf(out, "0b%u%u%u%u", flags >> 3, flags >> 2 & 1, flags >> 1 & 1, flags & 1);
	else if (name[0] == 'v' || name[0] == 'q')
		fprintf(out, "0x%016" PRIx64 "_%016" PRIx64, value.hi, value.lo);
	else
		fprintf(out, "0x%016" PRIx64, value.lo);
}

/* Writes what differs; true when nothing does. */
static bool compare_registers(const struct test_vm *t)
{
	bool same = true;

	for (unsigned i = 0; i < t->test->expectation_count; i++) {
		const struct expectation *e = &t->test->expectations[i];
		struct reg_value actual = {0};
		struct error err = {0};

		if (read_register(t, e->name, &actual, &err)) {
			fprintf(t->out, "%s: %s\n", e->name, err.text);
			same = false;
		} else if (actual.lo != e->value.lo || actual.hi != e->value.hi) {
			fprintf(t->out, "%s: expected ", e->name);
			print_value(t->out, e->name, e->value);
			fputs(", got ", t->out);
			print_value(t->out, e->name, actual);
			fputc('\n', t->out);
			same = false;
		}
	}
	return same;
}

static bool compare_uart(const struct test_vm *t)
{
	const struct text *expected = &t->test->uart;

	if (!t->test->has_uart ||
	    (expected->len == t->uart.len && !memcmp(expected->data, t->uart.data, t->uart.len)))
		return true;
	fputs("the UART text differs (- expected, + got):\n", t->out);
	explain_diff(t->out, (struct bytes){expected->data, expected->len},
		     (struct bytes){t->uart.data, t->uart.len});
	return false;
}

/* --- How it ended --- */

/* The vector that ended the test: the exit came from within the table. */
static unsigned vector_offset(const struct test_vm *t)
{
	uint64_t offset = get(t, "pc") - get(t, "vbar_el1");

	return offset < VECTORS_SIZE ? (unsigned)(offset & ~(VECTOR_SIZE - 1ULL)) : VECTORS_SIZE;
}

static bool ended_in_vector(const struct test_vm *t)
{
	return t->result.end == VM_END_EXIT && t->result.status == TEST_STATUS_EXCEPTION &&
	       vector_offset(t) < VECTORS_SIZE;
}

static void print_exception(const struct test_vm *t)
{
	unsigned vector = vector_offset(t);
	uint64_t esr = get(t, "esr_el1");
	unsigned class = (unsigned)(esr >> ESR_EC_SHIFT & 0x3f);

	fprintf(t->out, "vector %#x (%s)", vector, explain_vector(vector));
	if (!(vector & 0x180)) /* not an interrupt */
		fprintf(t->out, ", class %#x (%s)", class, explain_class(class));
	fprintf(t->out,
		"\n  esr_el1 %#" PRIx64 "  elr_el1 %#" PRIx64 "  far_el1 %#" PRIx64
		"  spsr_el1 %#" PRIx64 "\n",
		esr, get(t, "elr_el1"), get(t, "far_el1"), get(t, "spsr_el1"));
}

static bool is_expected_exception(const struct test_vm *t)
{
	const struct test_case *test = t->test;
	uint64_t class = get(t, "esr_el1") >> ESR_EC_SHIFT & 0x3f;

	return ended_in_vector(t) &&
	       (test->exception_class == TEST_ANY || test->exception_class == class) &&
	       (test->exception_vector == TEST_ANY || test->exception_vector == vector_offset(t));
}

static void print_end(FILE *out, enum vm_end end, int status)
{
	switch (end) {
	case VM_END_EXIT: fprintf(out, "status %d", status); break;
	case VM_END_OFF: fputs("power-off", out); break;
	case VM_END_RESET: fputs("reset", out); break;
	case VM_END_TIMEOUT: fputs("no end before the time limit", out); break;
	default: fputs("no end", out); break;
	}
}

static void print_actual_end(const struct test_vm *t)
{
	if (ended_in_vector(t)) {
		fputs("an exception at ", t->out);
		print_exception(t);
	} else {
		print_end(t->out, t->result.end, t->result.status);
		fputc('\n', t->out);
	}
}

/* Writes how it should have ended; true when it did. */
static bool compare_end(const struct test_vm *t)
{
	const struct test_case *test = t->test;

	if (t->result.end == VM_END_ERROR) {
		fprintf(t->out, "engine %s gave up: %s\n", t->engine->name, t->result.error.text);
		return false;
	}
	if (test->has_exception) {
		if (is_expected_exception(t))
			return true;
		fputs("expected an exception", t->out);
		if (test->exception_class != TEST_ANY)
			fprintf(t->out, " of class %#" PRIx64 " (%s)", test->exception_class,
				explain_class((unsigned)test->exception_class));
		if (test->exception_vector != TEST_ANY)
			fprintf(t->out, " at vector %#" PRIx64 " (%s)", test->exception_vector,
				explain_vector((unsigned)test->exception_vector));
		fputs(", got ", t->out);
		print_actual_end(t);
		return false;
	}
	if (!ended_in_vector(t) && t->result.end == test->end &&
	    (test->end != VM_END_EXIT || (uint64_t)t->result.status == test->status))
		return true;
	fputs("expected ", t->out);
	print_end(t->out, test->end, (int)test->status);
	fputs(", got ", t->out);
	print_actual_end(t);
	return false;
}

/* Where the guest was: at the exception's origin, or at its last instruction. */
static void explain_place(const struct test_vm *t)
{
	struct bytes elf = {t->elf.data, t->elf.len};

	if (ended_in_vector(t)) {
		explain_code(t->out, t->vm, elf, get(t, "elr_el1"));
		return;
	}
	if (t->result.end != VM_END_TIMEOUT) {
		/* The instruction that ended it has been completed: pc is behind it. */
		explain_code(t->out, t->vm, elf, get(t, "pc") - 4);
		return;
	}
	for (unsigned i = 0; i < t->vm->cpus; i++) {
		struct vcpu *vcpu = &t->vm->vcpus[i];
		struct reg_value pc = {0};

		if (vcpu_power_state(vcpu) == VCPU_OFF)
			continue;
		t->engine->reg_get(vcpu, "pc", &pc, NULL);
		if (t->vm->cpus > 1)
			fprintf(t->out, "  CPU %u\n", i);
		explain_code(t->out, t->vm, elf, pc.lo);
	}
}

static enum test_verdict test_judge(const struct test_vm *t)
{
	bool ended = compare_end(t);
	/* After an end that was not meant, registers say nothing: the explanation of the end does. */
	bool registers = ended && compare_registers(t);
	bool uart = compare_uart(t);

	if (registers && uart)
		return TEST_PASSED;
	explain_place(t);
	return TEST_FAILED;
}

static enum test_verdict test_execute(struct test_vm *t, struct error *err)
{
	uint64_t limit_ms = test_case_limit_ms(t->test, t->machine->timeout_ms);
	int features;

	if (!is_for_engine(t))
		return TEST_SKIPPED;
	if (test_create(t, err))
		return err->kind == ERROR_UNAVAILABLE ? TEST_SKIPPED : TEST_FAILED;
	features = has_features(t, err);
	if (features < 1)
		return features ? TEST_FAILED : TEST_SKIPPED;
	if (test_load(t, err) ||
	    deadline_start(&t->deadline, t->vm->loop, limit_ms * 1000000, test_expired, t, err) ||
	    vm_run(t->vm, &t->result, err))
		return TEST_FAILED;
	return test_judge(t);
}

enum test_verdict test_run(const struct test_case *test, const struct test_machine *machine,
			   FILE *out)
{
	struct test_vm t = {
		.test = test,
		.engine = machine->engine,
		.machine = machine,
		.out = out,
	};
	struct error err = {0};
	enum test_verdict verdict = test_execute(&t, &err);

	if (err.kind != ERROR_NONE)
		fprintf(out, "%s\n", err.text);
	test_destroy(&t);
	return verdict;
}
