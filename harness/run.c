/*
 * `god run`: the VM of one guest, its console on standard input and output, and the ways in which
 * it ends. Whoever wants the end (the guest, --timeout, Ctrl-A x, a signal, an output that fails)
 * calls vm_stop(); the main thread waits in vm_run() and does all the rest, once, in order:
 * output written, terminal restored, statistics, the one line of an error, the exit status.
 */
#include "harness/run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "devices/board.h"
#include "devices/pl011.h"
#include "devices/serial.h"
#include "devices/virtio/balloon.h"
#include "devices/virtio/console.h"
#include "harness/deadline.h"
#include "harness/input.h"
#include "harness/options.h"
#include "harness/output.h"
#include "harness/perf_map.h"
#include "harness/signals.h"
#include "harness/stats.h"
#include "harness/status.h"
#include "harness/terminal.h"

/* What Ctrl-A + and - give and take. */
#define BALLOON_STEP (64ULL << 20)

struct run {
	struct run_config config;
	struct serial_backend serial;
	struct vm *vm;
	struct board board;
	struct attached attached;
	struct output *output;
	_Atomic(struct input *) input;
	struct signals signals;
	struct deadline deadline;
	bool terminating;  /* SIGTERM came */
	atomic_int signal; /* that ended the run; 0: none */
	uint64_t run_ns;   /* spent in vm_run() */
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* --- Events: loop thread, output thread or vCPU threads --- */

static void run_stop(struct run *run, enum vm_end end)
{
	const struct vm_result result = {.end = end};
	struct input *input = atomic_load(&run->input);

	if (input)
		input_abandon(input);
	output_abandon(run->output);
	vm_stop(run->vm, &result);
}

static void run_expired(void *owner)
{
	run_stop(owner, VM_END_TIMEOUT);
}

static void run_output_failed(void *owner)
{
	run_stop(owner, VM_END_STOPPED);
}

/*
 * SIGTERM asks the guest to shut down, where it listens to the power key; the second one no longer
 * asks.
 */
static bool run_ask_to_shut_down(struct run *run)
{
	bool first = !run->terminating;

	run->terminating = true;
	return first && board_press_power_key(&run->board);
}

/* The console has the size of the terminal, where there is one. */
static void run_resize(struct run *run)
{
	uint16_t columns, rows;

	if (run->attached.console && terminal_size(&columns, &rows))
		virtio_console_resize(run->attached.console, columns, rows);
}

static void run_caught(void *owner, int number)
{
	struct run *run = owner;

	if (number == SIGTSTP) {
		terminal_suspend();
	} else if (number == SIGCONT) {
		terminal_resume();
	} else if (number == SIGWINCH) {
		run_resize(run);
	} else if (number != SIGTERM || !run_ask_to_shut_down(run)) {
		atomic_store(&run->signal, number);
		run_stop(run, VM_END_STOPPED);
	}
}

/* Ctrl-A + and -: as far as it goes. */
static void run_change_balloon(struct run *run, bool larger)
{
	struct virtio_balloon *balloon = run->attached.balloon;
	struct virtio_balloon_stats stats;

	if (!balloon)
		return;
	virtio_balloon_stats(balloon, &stats);
	if (larger)
		stats.target += BALLOON_STEP;
	else
		stats.target -= stats.target < BALLOON_STEP ? stats.target : BALLOON_STEP;
	virtio_balloon_set_target(balloon, stats.target, NULL);
}

static void run_command(void *owner, enum escape_command command)
{
	struct run *run = owner;

	if (command == ESCAPE_QUIT)
		run_stop(run, VM_END_STOPPED);
	else if (command == ESCAPE_POWER)
		board_press_power_key(&run->board);
	else if (command == ESCAPE_LESS || command == ESCAPE_MORE)
		run_change_balloon(run, command == ESCAPE_LESS);
	else if (command == ESCAPE_HELP)
		fputs(escape_help, stderr);
}

static void run_transmit(void *owner, const uint8_t *bytes, size_t len)
{
	struct run *run = owner;

	output_write(run->output, bytes, len);
}

static void run_ready(void *owner)
{
	struct run *run = owner;
	struct input *input = atomic_load(&run->input);

	if (input)
		input_ready(input);
}

/* --- Set-up --- */

static int open_trace(struct run *run, struct error *err)
{
	const char *path = run->config.trace_file;

	if (!path)
		return 0;
	run->config.vm.trace.stream = fopen(path, "we");
	if (!run->config.vm.trace.stream)
		return error_set_errno(err, errno, "%s", path);
	return 0;
}

static int open_perf_map(struct run *run, struct error *err)
{
	if (!run->config.perf_map)
		return 0;
	run->config.vm.jit.perf_map = perf_map_open(err);
	return run->config.vm.jit.perf_map ? 0 : -1;
}

static int run_create(struct run *run, struct error *err)
{
	run->serial = (struct serial_backend){
		.transmit = run_transmit,
		.ready = run_ready,
		.owner = run,
	};
	run->config.vm.backing = attach_backing(&run->config.attach);
	if (open_trace(run, err) || open_perf_map(run, err) ||
	    vm_create(&run->vm, &run->config.vm, err))
		return -1;
	if (board_create(run->vm, &run->board, &run->serial, err))
		return -1;
	return attach_devices(&run->config.attach, run->vm, &run->board, &run->serial,
			      &run->attached, err);
}

/* Where standard input goes. */
static struct serial_port run_port(const struct run *run)
{
	return run->attached.console ? virtio_console_serial(run->attached.console, 0)
				     : pl011_port(run->board.console);
}

/* The guest is loaded: give it the console. */
static int run_connect(struct run *run, struct error *err)
{
	bool terminal = isatty(STDIN_FILENO);
	const struct serial_port port = run_port(run);
	struct input *input;

	if (output_create(&run->output, STDOUT_FILENO, run_output_failed, run, err) ||
	    input_create(&input, run->vm, &port, terminal ? run_command : NULL, run, err))
		return -1;
	atomic_store(&run->input, input);
	run_resize(run);
	if (signals_watch(&run->signals, run->vm->loop, run_caught, run, err))
		return -1;
	if (run->config.has_timeout &&
	    deadline_start(&run->deadline, run->vm->loop, run->config.timeout_ns, run_expired, run,
			   err))
		return -1;
	if (terminal_raw(err))
		return -1;
	return input_watch(input, STDIN_FILENO, err);
}

static void run_destroy(struct run *run)
{
	struct input *input = atomic_load(&run->input);

	if (run->vm) {
		signals_unwatch(&run->signals);
		deadline_stop(&run->deadline);
		vm_silence(run->vm);
		input_destroy(input);
		attach_end(&run->attached);
	}
	if (run->output)
		output_destroy(run->output);
	vm_destroy(run->vm);
	if (run->config.vm.trace.stream)
		fclose(run->config.vm.trace.stream);
	if (run->config.vm.jit.perf_map)
		fclose(run->config.vm.jit.perf_map);
}

/* --- The run --- */

static int run_once(struct run *run, struct vm_result *result, struct error *err)
{
	uint64_t start = now_ns();
	int failed = vm_run(run->vm, result, err);

	run->run_ns += now_ns() - start;
	return failed;
}

/* Run, and as often as the guest resets itself, boot it again. */
static int run_guest(struct run *run, struct vm_result *result, struct error *err)
{
	for (;;) {
		if (run_once(run, result, err))
			return -1;
		if (result->end != VM_END_RESET || run->config.no_reboot)
			return 0;
		if (vm_reset(run->vm, err) || boot_load(run->vm, &run->config.boot, err))
			return -1;
	}
}

static int end_status(struct run *run, const struct vm_result *result)
{
	struct error err = {0};

	switch (result->end) {
	case VM_END_EXIT: return result->status;
	case VM_END_OFF: return EX_OK;
	case VM_END_RESET: return STATUS_RESET;
	case VM_END_STOPPED: return EX_OK; /* Ctrl-A x */
	case VM_END_TIMEOUT:
		error_set(&err, ERROR_NONE, "stopped after %g seconds (--timeout)",
			  (double)run->config.timeout_ns / 1e9);
		status_report(&err);
		return STATUS_TIMEOUT;
	case VM_END_ERROR: status_report(&result->error); return EX_SOFTWARE;
	case VM_END_NONE: break;
	}
	error_set(&err, ERROR_INTERNAL, "the run ended without a reason");
	return status_report(&err);
}

static void run_print_stats(struct run *run)
{
	struct virtio_balloon_stats balloon;

	stats_print(stderr, run->vm, run->run_ns);
	if (!run->attached.balloon)
		return;
	virtio_balloon_stats(run->attached.balloon, &balloon);
	stats_print_balloon(stderr, run->vm, &balloon);
}

/* Everything that follows vm_run(), while the loop still answers signals and the timeout. */
static int run_finish(struct run *run, const struct vm_result *result)
{
	int failed = output_finish(run->output);
	int number = atomic_load(&run->signal);
	struct error err;

	terminal_restore();
	if (run->config.stats)
		run_print_stats(run);
	if (number)
		signals_die(number);
	if (failed) {
		error_set_errno(&err, failed, "standard output");
		status_report(&err);
		return EX_IOERR;
	}
	return end_status(run, result);
}

static int run_whole(struct run *run, struct error *err)
{
	struct vm_result result = {0};

	signals_block();
	if (run_create(run, err) || boot_load(run->vm, &run->config.boot, err))
		return status_report(err);
	if (run->config.boot.dump_dtb)
		return EX_OK;
	if (run_connect(run, err) || run_guest(run, &result, err)) {
		terminal_restore();
		return status_report(err);
	}
	return run_finish(run, &result);
}

static void print_help(void)
{
	puts("Usage: god run --kernel FILE [--initramfs FILE] [--append ARGS] [OPTION]...\n"
	     "       god run --binary FILE [OPTION]...\n"
	     "\n"
	     "Run a guest. Its console is standard input and output.\n");
	options_print(run_options, stdout);
	puts("\nOn a terminal, Ctrl-A x leaves and Ctrl-A h lists what else Ctrl-A does. From a\n"
	     "pipe or file every byte goes to the guest; it runs on after the end of input.\n"
	     "\n"
	     "SIGTERM presses the guest's power key, by which it is asked to shut down; when it\n"
	     "does not listen, and for the second SIGTERM, the run ends at once, as it does for\n"
	     "SIGINT, SIGHUP and SIGQUIT.\n"
	     "\n"
	     "Exit status: what the guest gave the exit device; 0 when it powered itself off or\n"
	     "Ctrl-A x was typed; 3 when it reset itself, with --no-reboot; 124 on --timeout;\n"
	     "64 to 78 for errors of the user and the host, as in sysexits.h (64 command line,\n"
	     "65 bad file, 66 no such file, 69 not on this host, 70 fault of god, 71 system\n"
	     "error, 74 output error, 77 permission denied).");
}

int run_main(char *const argv[])
{
	struct run *run = calloc(1, sizeof(*run));
	struct error err = {0};
	int status;

	if (!run) {
		error_set(&err, ERROR_NO_MEMORY, "no memory");
		return status_report(&err);
	}
	if (run_parse(&run->config, argv, &err)) {
		status = status_report(&err);
	} else if (run->config.help) {
		print_help();
		status = EX_OK;
	} else {
		status = run_whole(run, &err);
	}
	run_destroy(run);
	free(run);
	return status;
}
