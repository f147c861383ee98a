/*
 * The command line of `god run`.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness/jit_options.h"
#include "harness/options.h"
#include "harness/run.h"

enum {
	OPT_KERNEL = 1,
	OPT_BINARY,
	OPT_INITRAMFS,
	OPT_APPEND,
	OPT_ENGINE,
	OPT_CPUS,
	OPT_MEMORY,
	OPT_GIC,
	OPT_DISK,
	OPT_NET,
	OPT_SHARE,
	OPT_VSOCK,
	OPT_CONSOLE,
	OPT_PORT,
	OPT_RNG,
	OPT_BALLOON,
	OPT_TIMEOUT,
	OPT_VIRTUAL_TIME,
	OPT_NO_REBOOT,
	OPT_DTB,
	OPT_DUMP_DTB,
	OPT_TRACE,
	OPT_STATS,
	OPT_PERF_MAP,
	OPT_HELP,
};

const struct option_spec run_options[] = {
	{OPT_KERNEL, "kernel", "FILE", "boot an arm64 Linux Image, plain or gzip, or an ELF file"},
	{OPT_BINARY, "binary", "FILE",
	 "run a bare-metal program: .elf, or a flat .bin, which is\n"
	 "loaded and entered at 0x40080000"},
	{OPT_INITRAMFS, "initramfs", "FILE", "initial root file system for the kernel"},
	{OPT_APPEND, "append", "ARGS",
	 "kernel command line, whole; without it: " RUN_APPEND_DEFAULT ",\n"
	 "or " RUN_APPEND_VIRTIO " with --console virtio"},
	{OPT_ENGINE, "engine", "NAME", "auto (default), or one of those that --version lists"},
	{OPT_CPUS, "cpus", "N", "number of virtual CPUs (1)"},
	{OPT_MEMORY, "memory", "SIZE", "RAM in bytes, or with K, M or G (512M)"},
	{OPT_GIC, "gic", "2|3", "version of the interrupt controller"},
	{OPT_DISK, "disk", "FILE[,ro]",
	 "a disk: a file, a block device, or nbd+unix:///?socket=PATH and\n"
	 "its like; read-only with ,ro. The first is /dev/vda"},
	{OPT_NET, "net", "user|tap=NAME",
	 "a network card: on a network of its own that reaches out through\n"
	 "god (user), with ,hostfwd=tcp::HOST-:GUEST a port of the host's leads\n"
	 "to one of the guest's; or on a tap interface, with ,queues=N by\n"
	 "several pairs of queues. ,mac=ADDRESS"},
	{OPT_SHARE, "share", "DIR[,tag=NAME]",
	 "share a directory with the guest: mount -t virtiofs NAME /mnt;\n"
	 "without a name it is called share"},
	{OPT_VSOCK, "vsock", "CID",
	 "sockets (AF_VSOCK) between the host and the guest, whose context ID\n"
	 "that is: 3 or more, and no other guest's; the host's is 2"},
	{OPT_CONSOLE, "console", "uart|virtio",
	 "the device that standard input and output belong to: ttyAMA0\n"
	 "(default) or hvc0 in Linux"},
	{OPT_PORT, "port", "NAME=PATH",
	 "connect /dev/virtio-ports/NAME in the guest (or the port of that name\n"
	 "in /sys/class/virtio-ports) with the Unix socket PATH, where god listens"},
	{OPT_RNG, "rng", NULL, "a source of random numbers for the guest"},
	{OPT_BALLOON, "balloon", "SIZE",
	 "give memory that the guest does not use back to the host, and have\n"
	 "it do without SIZE of its memory (0: none) as long as it can"},
	{OPT_TIMEOUT, "timeout", "SECONDS", "end the run after that time, with status 124"},
	{OPT_VIRTUAL_TIME, "virtual-time", NULL,
	 "count time in executed instructions, so that the same input gives\n"
	 "the same run; a file or pipe on standard input is read when the\n"
	 "guest is ready for it, and time waits for that"},
	{OPT_NO_REBOOT, "no-reboot", NULL, "end the run when the guest resets, with status 3"},
	{OPT_DTB, "dtb", "FILE", "give the guest this device tree instead of the board's"},
	{OPT_DUMP_DTB, "dump-dtb", "FILE",
	 "write the device tree that the guest would get, and exit"},
	{OPT_TRACE, "trace", "LIST[:FILE]",
	 "say on standard error, or in FILE, what happens: mmio, irq,\n"
	 "exit, exception, psci, sysreg, insn, all"},
	{OPT_STATS, "stats", NULL,
	 "print at the end what was executed and translated, the exits, and\n"
	 "where the time went"},
	JIT_OPTIONS,
	{OPT_PERF_MAP, "perf-map", NULL,
	 "engine jit: name translated code for perf, in /tmp/perf-PID.map"},
	{OPT_HELP, "help", NULL, "this help"},
	{0},
};

static int set_trace(struct run_config *config, const char *value, struct error *err)
{
	char list[256];
	size_t len = strcspn(value, ":");

	if (value[len]) {
		config->trace_file = value + len + 1;
		if (!*config->trace_file)
			return error_set(err, ERROR_USAGE, "--trace %s: no file name", value);
	}
	if (len >= sizeof(list))
		return error_set(err, ERROR_USAGE, "--trace: the list is too long");
	memcpy(list, value, len);
	list[len] = '\0';
	return trace_parse(list, &config->vm.trace.enabled, err);
}

static int set_kernel(struct run_config *config, const char *path, bool raw, struct error *err)
{
	if (config->boot.kernel)
		return error_set(err, ERROR_USAGE, "only one of --kernel and --binary, once");
	config->boot.kernel = path;
	config->boot.allow_raw = raw;
	return 0;
}

static int set_count(const char *what, const char *text, unsigned *count, struct error *err)
{
	uint64_t value;

	if (parse_count(what, text, UINT_MAX, &value, err))
		return -1;
	*count = (unsigned)value;
	return 0;
}

static int set_gic(struct run_config *config, const char *value, struct error *err)
{
	if (strcmp(value, "2") && strcmp(value, "3"))
		return error_set(err, ERROR_USAGE, "--gic %s: there are 2 and 3", value);
	config->vm.gic = (unsigned)(*value - '0');
	return 0;
}

static int set_console(struct run_config *config, const char *value, struct error *err)
{
	config->attach.console = !strcmp(value, "virtio");
	if (config->attach.console || !strcmp(value, "uart"))
		return 0;
	return error_set(err, ERROR_USAGE, "--console %s: there are uart and virtio", value);
}

int run_set_option(struct run_config *config, int id, const char *value, const char **engine,
		   struct error *err)
{
	switch (id) {
	case OPT_KERNEL: return set_kernel(config, value, false, err);
	case OPT_BINARY: return set_kernel(config, value, true, err);
	case OPT_INITRAMFS: config->boot.initramfs = value; return 0;
	case OPT_APPEND: config->boot.append = value; return 0;
	case OPT_ENGINE: *engine = value; return 0;
	case OPT_CPUS: return set_count("--cpus", value, &config->vm.cpus, err);
	case OPT_MEMORY: return parse_size("--memory", value, &config->vm.memory, err);
	case OPT_GIC: return set_gic(config, value, err);
	case OPT_DISK: return attach_parse_disk(&config->attach, value, err);
	case OPT_NET: return attach_parse_net(&config->attach, value, err);
	case OPT_SHARE: return attach_parse_share(&config->attach, value, err);
	case OPT_VSOCK: return attach_parse_vsock(&config->attach, value, err);
	case OPT_CONSOLE: return set_console(config, value, err);
	case OPT_PORT: return attach_parse_port(&config->attach, value, err);
	case OPT_RNG: config->attach.rng = true; return 0;
	case OPT_BALLOON:
		config->attach.balloon = true;
		return parse_size("--balloon", value, &config->attach.balloon_size, err);
	case OPT_TIMEOUT:
		config->has_timeout = true;
		return parse_seconds("--timeout", value, &config->timeout_ns, err);
	case OPT_VIRTUAL_TIME: config->vm.virtual_time = true; return 0;
	case OPT_NO_REBOOT: config->no_reboot = true; return 0;
	case OPT_DTB: config->boot.dtb = value; return 0;
	case OPT_DUMP_DTB: config->boot.dump_dtb = value; return 0;
	case OPT_TRACE: return set_trace(config, value, err);
	case OPT_STATS: config->stats = config->vm.timing = true; return 0;
	case OPT_JIT_CACHE:
	case OPT_JIT_THRESHOLD: return jit_set_option(&config->vm.jit, id, value, err);
	case OPT_PERF_MAP: config->perf_map = true; return 0;
	case OPT_HELP: config->help = true; return 0;
	case OPTION_OPERAND: return error_set(err, ERROR_USAGE, "unexpected argument %s", value);
	default: return -1; /* OPTION_ERROR */
	}
}

const struct run_config run_config_default = {.vm = {.cpus = 1, .memory = RUN_MEMORY_DEFAULT}};

int run_complete(struct run_config *config, struct error *err)
{
	if (!config->boot.kernel)
		return error_set(err, ERROR_USAGE,
				 "nothing to run: --kernel FILE or --binary FILE says what");
	if (!config->boot.append && !config->boot.allow_raw)
		config->boot.append =
			config->attach.console ? RUN_APPEND_VIRTIO : RUN_APPEND_DEFAULT;
	return 0;
}

int run_parse(struct run_config *config, char *const argv[], struct error *err)
{
	struct options options = {.specs = run_options, .command = "god run", .argv = argv};
	const char *engine = "auto";
	const char *value;
	int id;

	*config = run_config_default;
	while ((id = options_next(&options, &value, err)) != OPTION_END) {
		if (run_set_option(config, id, value, &engine, err))
			return -1;
	}
	if (config->help)
		return 0;
	if (run_complete(config, err))
		return -1;
	config->vm.engine = config->vm.virtual_time ? engine_find_virtual(engine, err)
						    : engine_find(engine, err);
	return config->vm.engine ? 0 : -1;
}
