/*
 * Lockstep finds faults: an engine that is interp with one fault in it is held against interp, and the
 * report must name the tick and what is wrong.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/vcpu.h"
#include "harness/lockstep.h"
#include "harness/lockstep_compare.h"
#include "harness/tests/elf_builder.h"

TestSuite(lockstep, .timeout = 60);

#define MOVZ_X6_1000  0xd2807d06 /* movz x6, #1000 */
#define ADD_X5_X5_1   0x910004a5 /* loop: add x5, x5, #1 */
#define SUB_X6_X6_1   0xd10004c6 /* sub x6, x6, #1 */
#define CBNZ_X6_LOOP  0xb5ffffc6 /* cbnz x6, loop */
#define MOVZ_X30_EXIT 0xd2a121fe /* movz x30, #0x90f, lsl #16 */
#define STRB_WZR_X30  0x390003df /* strb wzr, [x30] */
#define BRANCH_SELF   0x14000000

/* 3003 instructions. */
static const uint32_t looping[] = {MOVZ_X6_1000,  ADD_X5_X5_1,	SUB_X6_X6_1, CBNZ_X6_LOOP,
				   MOVZ_X30_EXIT, STRB_WZR_X30, BRANCH_SELF};
static const uint32_t spinning[] = {BRANCH_SELF};

#define TICKS	 3003
#define FAULT_AT 1234 /* behind an ADD */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* --- An engine with a fault --- */

static struct engine faulty;
static void (*fault)(struct vcpu *vcpu); /* called once a VM, at FAULT_AT */
static bool fault_done;

static int faulty_vm_init(struct vm *vm, struct error *err)
{
	fault_done = false;
	return engine_find("interp", NULL)->vm_init(vm, err);
}

static void faulty_run(struct vcpu *vcpu)
{
	engine_find("interp", NULL)->run(vcpu);
	if (fault_done || vcpu->vm->engine->executed(vcpu) < FAULT_AT)
		return;
	fault_done = true;
	fault(vcpu);
}

static const struct engine *engine_with(void (*what)(struct vcpu *vcpu))
{
	fault = what;
	faulty = *engine_find("interp", NULL);
	faulty.name = "faulty";
	faulty.vm_init = faulty_vm_init;
	faulty.run = faulty_run;
	return &faulty;
}

static void no_fault(struct vcpu *vcpu)
{
	(void)vcpu;
}

/* --- A run of it --- */

struct trial {
	struct lockstep_config config;
	struct lockstep_outcome outcome;
	char *path, *text;
	struct error err;
};

static void trial_begin(struct trial *trial, const uint32_t *code, unsigned words,
			void (*what)(struct vcpu *vcpu))
{
	struct builder records = {0}, lines = {0}, elf = {0};

	build_lines(&lines, words);
	build_elf(&elf, code, words, &records, &lines);
	*trial = (struct trial){.path = build_file(&elf)};
	trial->config = (struct lockstep_config){
		.vm = {.cpus = 1, .memory = 64 << 20},
		.boot = {.kernel = trial->path},
		.engines = {engine_find("interp", NULL), engine_with(what)},
		.every = 500,
		.until = CLOCK_NEVER,
		.patience_ms = 30000,
	};
	free(lines.data);
	free(elf.data);
}

static int trial_run(struct trial *trial)
{
	size_t len;
	FILE *out = open_memstream(&trial->text, &len);
	int result = lockstep_run(&trial->config, &trial->outcome, out, &trial->err);

	fclose(out);
	return result;
}

static void trial_end(struct trial *trial)
{
	unlink(trial->path);
	free(trial->path);
	free(trial->text);
}

static void must_say(const struct trial *trial, const char *words)
{
	cr_assert_not_null(strstr(trial->text, words), "\"%s\" is not in:\n%s", words, trial->text);
}

static void must_find(void (*what)(struct vcpu *vcpu), const char *line)
{
	struct trial trial;

	trial_begin(&trial, looping, COUNT(looping), what);
	cr_assert_eq(trial_run(&trial), 0, "%s", trial.err.text);
	cr_assert_eq(trial.outcome.verdict, LOCKSTEP_DIFFERENT);
	cr_assert_eq(trial.outcome.different, FAULT_AT);
	must_say(&trial, "interp and faulty differ at tick 1234, and do not at 1233\n");
	must_say(&trial, line);
	must_say(&trial, "\n\n  cpu0 EL1 0x40080004:  910004a5  add x5, x5, #1\n");
	trial_end(&trial);
}

/* --- No fault --- */

static void must_be_same(struct trial *trial, uint64_t ticks, enum vm_end end)
{
	cr_assert_eq(trial_run(trial), 0, "%s", trial->err.text);
	cr_assert_eq(trial->outcome.verdict, LOCKSTEP_SAME, "%s", trial->text);
	cr_assert_eq(trial->outcome.ticks, ticks, "%" PRIu64, trial->outcome.ticks);
	cr_assert_eq(trial->outcome.end.end, end);
	cr_assert_str_empty(trial->text);
	free(trial->text);
	trial->text = NULL;
}

/* And however often they are compared does not change the run. */
Test(lockstep, the_same_is_the_same)
{
	struct trial trial;

	trial_begin(&trial, looping, COUNT(looping), no_fault);
	must_be_same(&trial, TICKS, VM_END_EXIT);
	cr_assert_eq(trial.outcome.looks, TICKS / 500);
	trial.config.every = 7;
	must_be_same(&trial, TICKS, VM_END_EXIT);
	cr_assert_eq(trial.outcome.looks, TICKS / 7 - (TICKS % 7 == 0));
	trial.config.until = 2000;
	must_be_same(&trial, 2000, VM_END_STOPPED);
	trial_end(&trial);
}

Test(lockstep, a_guest_that_does_not_end_is_stopped_in_time)
{
	struct trial trial;

	trial_begin(&trial, spinning, COUNT(spinning), no_fault);
	trial.config.timeout_ns = 200000000;
	cr_assert_eq(trial_run(&trial), 0, "%s", trial.err.text);
	cr_assert_eq(trial.outcome.verdict, LOCKSTEP_TIMEOUT);
	must_say(&trial, "interp: time limit at tick ");
	trial_end(&trial);
}

/* --- Faults --- */

static void add_to(struct vcpu *vcpu, const char *name, uint64_t low, uint64_t high)
{
	struct reg_value value;

	vcpu->vm->engine->reg_get(vcpu, name, &value, NULL);
	value.lo += low;
	value.hi += high;
	vcpu->vm->engine->reg_set(vcpu, name, value, NULL);
}

static void fault_x9(struct vcpu *vcpu)
{
	add_to(vcpu, "x9", 3, 0);
}

static void fault_v31(struct vcpu *vcpu)
{
	add_to(vcpu, "v31", 0, 1);
}

static void fault_vbar(struct vcpu *vcpu)
{
	add_to(vcpu, "vbar_el1", 0x800, 0);
}

static void fault_cval(struct vcpu *vcpu)
{
	add_to(vcpu, "cntv_cval_el0", 1, 0);
}

Test(lockstep, a_wrong_register_is_found_at_its_tick)
{
	must_find(fault_x9, "  cpu0 x9                  0x0000000000000000"
			    "                 0x0000000000000003\n");
	must_find(fault_v31, "  cpu0 v31                 0x0000000000000000_0000000000000000 "
			     "0x0000000000000001_0000000000000000\n");
	must_find(fault_vbar, "  cpu0 vbar_el1            0x0000000000000000"
			      "                 0x0000000000000800\n");
	must_find(fault_cval, "  device timer: its state, from byte ");
}

/* Nobody reads it, so that it is seen when RAM is compared, at the end. */
static void fault_memory(struct vcpu *vcpu)
{
	const uint64_t value = 0x1122334455667788;

	memory_write(&vcpu->vm->memory, 0x41234568, &value, sizeof(value));
}

Test(lockstep, a_wrong_store_is_found_at_its_tick)
{
	must_find(fault_memory, "  memory 0x41234568        0x0000000000000000"
				"                 0x1122334455667788\n");
}

static void fault_console(struct vcpu *vcpu)
{
	struct vcpu_exit exit = {
		.kind = EXIT_MMIO_WRITE,
		.mmio = {.addr = 0x09000000, .size = 1, .value = '!', .ok = true},
	};

	vcpu_exit(vcpu, &exit);
}

Test(lockstep, wrong_output_is_found_at_its_tick)
{
	must_find(fault_console, "  console of interp: 0 bytes, at the end \"\"\n"
				 "  console of faulty: 1 bytes, at the end \"!\"\n");
}

static void fault_off(struct vcpu *vcpu)
{
	struct vcpu_exit exit = {.kind = EXIT_SYSTEM_OFF};

	vcpu_exit(vcpu, &exit);
}

Test(lockstep, an_early_end_is_found_at_its_tick)
{
	must_find(fault_off, "  end                      goes on"
			     "                            power-off\n");
}

/* --- Faults of another kind --- */

static void fault_once(struct vcpu *vcpu)
{
	static bool done;

	if (!done)
		add_to(vcpu, "x9", 3, 0);
	done = true;
}

Test(lockstep, what_does_not_come_again_is_said_to_be_so)
{
	struct trial trial;

	trial_begin(&trial, looping, COUNT(looping), fault_once);
	cr_assert_eq(trial_run(&trial), 0, "%s", trial.err.text);
	cr_assert_eq(trial.outcome.verdict, LOCKSTEP_DIFFERENT);
	must_say(&trial, "in one run and not in the next");
	must_say(&trial, "  cpu0 x9 ");
	trial_end(&trial);
}

static void fault_hang(struct vcpu *vcpu)
{
	while (!vcpu->leave)
		usleep(1000);
}

static _Atomic bool released;

static void fault_hang_for_good(struct vcpu *vcpu)
{
	(void)vcpu;
	while (!released)
		usleep(1000);
}

static void must_hang(void (*what)(struct vcpu *vcpu))
{
	struct trial trial;

	trial_begin(&trial, looping, COUNT(looping), what);
	trial.config.patience_ms = 300;
	cr_assert_eq(trial_run(&trial), -1);
	cr_assert_eq(trial.err.kind, ERROR_INTERNAL);
	cr_assert_str_eq(trial.err.text, "faulty hangs: behind tick 1000, before tick 1500");
	trial_end(&trial);
}

Test(lockstep, an_engine_that_hangs_is_named)
{
	must_hang(fault_hang);
}

/* What it uses must stay: the sanitizers would tell. */
Test(lockstep, an_engine_that_cannot_be_stopped_is_left_alone)
{
	must_hang(fault_hang_for_good);
	released = true;
	usleep(200000);
}

/* --- Memory --- */

static void both_write(struct lockstep_side sides[2], uint64_t addr, uint64_t a, uint64_t b)
{
	memory_write(&sides[0].vm->memory, addr, &a, sizeof(a));
	memory_write(&sides[1].vm->memory, addr, &b, sizeof(b));
}

static void must_differ(const struct lockstep_side sides[2], const char *line)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_assert_not(lockstep_same_memory(sides, NULL));
	cr_assert_not(lockstep_same_memory(sides, out));
	fclose(out);
	cr_assert_not_null(strstr(text, line), "%s", text);
	free(text);
}

Test(lockstep, memory_with_holes_is_compared)
{
	const struct vm_config config = {
		.engine = engine_find("interp", NULL),
		.cpus = 1,
		.memory = 64 << 20,
		.backing = MEMORY_SHARED,
	};
	struct lockstep_side sides[2] = {0};
	uint64_t zero = 0;

	cr_assert_eq(vm_create(&sides[0].vm, &config, NULL), 0);
	cr_assert_eq(vm_create(&sides[1].vm, &config, NULL), 0);
	cr_assert(lockstep_same_memory(sides, NULL));
	both_write(sides, 0x40000000, 1, 1);
	both_write(sides, 0x43fffff8, 2, 2);
	/* A page of zeroes is as good as none. */
	memory_write(&sides[0].vm->memory, 0x40005000, &zero, sizeof(zero));
	memory_write(&sides[1].vm->memory, 0x40004000, &zero, sizeof(zero));
	cr_assert(lockstep_same_memory(sides, NULL));
	both_write(sides, 0x43fffff8, 2, 3);
	must_differ(sides, "  memory 0x43fffff8        0x0000000000000002"
			   "                 0x0000000000000003\n");
	both_write(sides, 0x43fffff8, 2, 2);
	memory_write(&sides[0].vm->memory, 0x42000ff8, &(uint64_t){4}, 8);
	must_differ(sides, "  memory 0x42000ff8        0x0000000000000004"
			   "                 0x0000000000000000\n");
	memory_write(&sides[0].vm->memory, 0x42000ff8, &zero, 8);
	memory_write(&sides[1].vm->memory, 0x42001000, &(uint64_t){5}, 8);
	must_differ(sides, "  memory 0x42001000        0x0000000000000000"
			   "                 0x0000000000000005\n");
	vm_destroy(sides[0].vm);
	vm_destroy(sides[1].vm);
}

/* --- The command line --- */

static void must_refuse(const char *option, const char *value, const char *word)
{
	char *argv[] = {"--binary", "x", (char *)option, (char *)value, NULL};
	struct lockstep_command command;
	struct error err = {0};

	cr_assert_eq(lockstep_parse(&command, argv, &err), -1);
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert_not_null(strstr(err.text, word), "%s", err.text);
}

Test(lockstep, options)
{
	char *argv[] = {"--kernel", "Image", "--cpus",	"3",  "--engines",	"interp,interp",
			"--every",  "5",     "--until", "77", "--input=script", NULL};
	char *nothing[] = {NULL};
	struct lockstep_command command;
	struct error err = {0};

	cr_assert_eq(lockstep_parse(&command, argv, &err), 0, "%s", err.text);
	cr_assert_eq(command.config.vm.cpus, 3);
	cr_assert_eq(command.config.every, 5);
	cr_assert_eq(command.config.until, 77);
	cr_assert_str_eq(command.config.boot.kernel, "Image");
	cr_assert_str_eq(command.config.boot.append, "console=ttyAMA0");
	cr_assert_str_eq(command.input, "script");
	cr_assert_eq(command.config.engines[1], engine_find("interp", NULL));
	cr_assert_eq(lockstep_parse(&command, nothing, &err), -1);
	must_refuse("--engines", "interp", "two names");
	must_refuse("--engines", "interp,none", "no engine");
	must_refuse("--every", "0", "at least 1");
	must_refuse("--until", "-1", "not a number");
	must_refuse("--trace", "all", "unknown option");
}
