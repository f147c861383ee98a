/*
 * `god kvm info`, for people and (--json) for programs. It works on every host, because that is the
 * question: can guests run here by hardware virtualization? If so, what with; if not, why not, what
 * can be done about it, and which engine runs them instead. Nothing is left behind: the empty VM
 * that some questions need goes with its descriptor.
 *
 * Exit status 0 when kvm can be used, 69 (EX_UNAVAILABLE) when not, so that a script can ask.
 */
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/engine.h"
#include "core/kvm/host.h"
#include "core/vm.h"
#include "harness/kvm.h"
#include "harness/options.h"
#include "harness/status.h"

#define CPU_NAME_MAX 128

/* What there is to say. */
struct kvm_info {
	struct utsname host;
	char cpu[CPU_NAME_MAX];
	bool usable;
	struct error reason;   /* why not usable */
	const char *instead;   /* the engine that `auto` takes */
	int version;	       /* of the API */
	int fd;		       /* /dev/kvm, or -1 */
	int vm_fd;	       /* an empty VM, or -1 */
	unsigned ipa_bits_max; /* 0: the kernel knows 40 alone */
	int cpus_recommended, cpus_max;
	bool gicv2, gicv3, its;
	bool pmu, sve, pauth, el1_32bit, mte;
};

/* --- Asking --- */

/* "implementer 0x41, part 0xd0c", from the first CPU's lines; or a model name. */
static void read_cpu_name(char *name, size_t size)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256], implementer[32] = "", part[32] = "", model[CPU_NAME_MAX] = "";

	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "CPU implementer : %31s", implementer);
		sscanf(line, "CPU part : %31s", part);
		sscanf(line, "model name : %127[^\n]", model);
		if (*model || *part)
			break;
	}
	if (file)
		fclose(file);
	if (*model)
		snprintf(name, size, "%s", model);
	else if (*part)
		snprintf(name, size, "implementer %s, part %s", implementer, part);
	else
		snprintf(name, size, "unknown");
}

static bool is_device_offered(int vm_fd, uint32_t type)
{
	struct kvm_create_device device = {.type = type, .flags = KVM_CREATE_DEVICE_TEST};

	return vm_fd >= 0 && ioctl(vm_fd, KVM_CREATE_DEVICE, &device) == 0;
}

static bool has(const struct kvm_info *info, int capability)
{
	return kvm_host_capability(info->fd, capability) > 0;
}

static void ask_kvm(struct kvm_info *info)
{
	info->version = ioctl(info->fd, KVM_GET_API_VERSION, 0UL);
	info->ipa_bits_max = (unsigned)kvm_host_capability(info->fd, KVM_CAP_ARM_VM_IPA_SIZE);
	info->cpus_recommended = kvm_host_capability(info->fd, KVM_CAP_NR_VCPUS);
	info->cpus_max = kvm_host_capability(info->fd, KVM_CAP_MAX_VCPUS);
	info->pmu = has(info, KVM_CAP_ARM_PMU_V3);
	info->sve = has(info, KVM_CAP_ARM_SVE);
	info->pauth =
		has(info, KVM_CAP_ARM_PTRAUTH_ADDRESS) && has(info, KVM_CAP_ARM_PTRAUTH_GENERIC);
	info->el1_32bit = has(info, KVM_CAP_ARM_EL1_32BIT);
	info->mte = has(info, KVM_CAP_ARM_MTE);
	info->vm_fd = kvm_host_create_vm(info->fd, VM_RAM_BASE, NULL);
	info->gicv2 = is_device_offered(info->vm_fd, KVM_DEV_TYPE_ARM_VGIC_V2);
	info->gicv3 = is_device_offered(info->vm_fd, KVM_DEV_TYPE_ARM_VGIC_V3);
	info->its = is_device_offered(info->vm_fd, KVM_DEV_TYPE_ARM_VGIC_ITS);
}

static void gather(struct kvm_info *info)
{
	const struct engine *instead;

	*info = (struct kvm_info){.fd = -1, .vm_fd = -1};
	uname(&info->host);
	read_cpu_name(info->cpu, sizeof(info->cpu));
	instead = engine_find("auto", NULL);
	info->instead = instead ? instead->name : "none";
	if (strcmp(info->host.machine, "aarch64")) {
		error_set(&info->reason, ERROR_UNAVAILABLE,
			  "this host is %s: its KVM can not run arm64 guests; "
			  "an arm64 host is needed (ci/lima and docs/kvm.md show one on a Mac)",
			  info->host.machine);
		return;
	}
	info->fd = kvm_host_open(KVM_DEVICE, &info->reason);
	if (info->fd < 0)
		return;
	info->usable = true;
	ask_kvm(info);
}

static void forget(struct kvm_info *info)
{
	if (info->vm_fd >= 0)
		close(info->vm_fd);
	if (info->fd >= 0)
		close(info->fd);
}

/* --- Telling people --- */

static const char *yes_no(bool value)
{
	return value ? "yes" : "no";
}

static void print_ipa(const struct kvm_info *info)
{
	if (info->ipa_bits_max)
		printf("address space     32 to %u bits\n", info->ipa_bits_max);
	else
		puts("address space     40 bits");
}

static void print_capabilities(const struct kvm_info *info)
{
	puts("capabilities that god uses:");
	for (const struct kvm_capability *c = kvm_capabilities; c->name; c++) {
		int value = kvm_host_capability(info->fd, c->number);

		printf("  %-20s %5d   %s%s\n", c->name, value, c->purpose,
		       c->required ? "" : " (optional)");
	}
}

static void print_text(const struct kvm_info *info)
{
	printf("host              %s %s, %s\n", info->host.sysname, info->host.release,
	       info->host.machine);
	printf("host CPU          %s\n", info->cpu);
	if (!info->usable) {
		printf("engine kvm        can not be used: %s\n", info->reason.text);
		printf("used instead      engine %s\n", info->instead);
		return;
	}
	printf("engine kvm        can be used (%s, API version %d)\n", KVM_DEVICE, info->version);
	print_ipa(info);
	printf("guest's GIC       GICv3 %s, ITS %s, GICv2 %s\n", yes_no(info->gicv3),
	       yes_no(info->its), yes_no(info->gicv2));
	printf("vCPUs             %d recommended, %d at most\n", info->cpus_recommended,
	       info->cpus_max);
	printf("vCPU features     PSCI 0.2 and later yes, PMUv3 %s, SVE %s, PAuth %s, MTE %s, "
	       "32-bit EL1 %s\n",
	       yes_no(info->pmu), yes_no(info->sve), yes_no(info->pauth), yes_no(info->mte),
	       yes_no(info->el1_32bit));
	print_capabilities(info);
}

/* --- Telling programs --- */

/* A JSON string (RFC 8259, 7). */
static void print_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_member(const char *name, const char *value)
{
	printf("  \"%s\": ", name);
	print_string(value);
	puts(",");
}

static void print_flag(const char *name, bool value)
{
	printf("  \"%s\": %s,\n", name, value ? "true" : "false");
}

static void print_json_offer(const struct kvm_info *info)
{
	printf("  \"api_version\": %d,\n", info->version);
	printf("  \"ipa_bits\": {\"min\": %u, \"max\": %u},\n", info->ipa_bits_max ? 32u : 40u,
	       info->ipa_bits_max ? info->ipa_bits_max : 40);
	printf("  \"vcpus\": {\"recommended\": %d, \"max\": %d},\n", info->cpus_recommended,
	       info->cpus_max);
	printf("  \"gic\": [%s%s%s],\n", info->gicv2 ? "2" : "",
	       info->gicv2 && info->gicv3 ? ", " : "", info->gicv3 ? "3" : "");
	print_flag("its", info->its);
	print_flag("psci", true);
	print_flag("pmu", info->pmu);
	print_flag("sve", info->sve);
	print_flag("pauth", info->pauth);
	print_flag("mte", info->mte);
	print_flag("el1_32bit", info->el1_32bit);
	puts("  \"capabilities\": {");
	for (const struct kvm_capability *c = kvm_capabilities; c->name; c++) {
		printf("    \"%s\": {\"value\": %d, \"required\": %s, \"purpose\": ", c->name,
		       kvm_host_capability(info->fd, c->number), c->required ? "true" : "false");
		print_string(c->purpose);
		puts(c[1].name ? "}," : "}");
	}
	puts("  },");
}

static void print_json(const struct kvm_info *info)
{
	puts("{");
	print_member("machine", info->host.machine);
	print_member("kernel", info->host.release);
	print_member("cpu", info->cpu);
	if (info->usable)
		print_json_offer(info);
	else
		print_member("reason", info->reason.text);
	print_member("engine", info->instead);
	printf("  \"usable\": %s\n}\n", info->usable ? "true" : "false");
}

/* --- The command --- */

enum { OPT_JSON = 1, OPT_HELP };

static const struct option_spec info_options[] = {
	{OPT_JSON, "json", NULL, "the same as one JSON object"},
	{OPT_HELP, "help", NULL, "this help"},
	{0},
};

static int print_help(void)
{
	puts("Usage: god kvm info [--json]\n"
	     "\n"
	     "Say whether this host can run guests with the engine kvm, and what it offers; or\n"
	     "why not, and which engine is used instead.\n");
	options_print(info_options, stdout);
	puts("\nExit status: 0 when kvm can be used, 69 when not.");
	return EX_OK;
}

static int info_main(char *const argv[])
{
	struct options options = {.specs = info_options, .command = "god kvm info", .argv = argv};
	struct kvm_info info;
	struct error err = {0};
	const char *value;
	bool json = false;
	int id;

	while ((id = options_next(&options, &value, &err)) != OPTION_END) {
		switch (id) {
		case OPT_JSON: json = true; break;
		case OPT_HELP: return print_help();
		case OPTION_OPERAND:
			error_set(&err, ERROR_USAGE, "unexpected argument %s (god kvm info --help)",
				  value);
			return status_report(&err);
		default: return status_report(&err);
		}
	}
	gather(&info);
	(json ? print_json : print_text)(&info);
	forget(&info);
	return info.usable ? EX_OK : EX_UNAVAILABLE;
}

int kvm_main(char *const argv[])
{
	struct error err;

	if (argv[0] && !strcmp(argv[0], "info"))
		return info_main(argv + 1);
	if (argv[0] && !strcmp(argv[0], "--help"))
		return print_help();
	error_set(&err, ERROR_USAGE, "god kvm: there is only god kvm info");
	return status_report(&err);
}
