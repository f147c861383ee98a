/*
 * A line for the whole, and for each vCPU one for what it executed, one for what was translated, and one
 * for each kind of exit. Times come last in a line: in virtual time all that stands before them is
 * the same in each run.
 */
#include "harness/stats.h"

#include <inttypes.h>

#include "core/vm.h"
#include "devices/virtio/balloon.h"

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static double mib(uint64_t bytes)
{
	return (double)bytes / (1 << 20);
}

static void print_translation(FILE *out, unsigned cpu, const struct engine_stats *stats)
{
	if (!stats->jit.cache_size)
		return;
	fprintf(out,
		"cpu %u: translated %" PRIu64 " regions, %" PRIu64 " blocks, %" PRIu64
		" instructions in %.3f seconds; cache %.1f of %.1f MiB, flushed %" PRIu64
		" times\n",
		cpu, stats->jit.regions, stats->jit.blocks, stats->jit.instructions,
		seconds(stats->jit.ns), mib(stats->jit.cache_used), mib(stats->jit.cache_size),
		stats->jit.cache_flushes);
}

static void print_cpu(FILE *out, struct vcpu *vcpu)
{
	struct engine_stats stats = {0};

	vcpu->vm->engine->stats(vcpu, &stats);
	fprintf(out,
		"cpu %u: %" PRIu64 " instructions, %" PRIu64 " exceptions, %" PRIu64
		" TLB misses\n",
		vcpu->index, stats.instructions, stats.exceptions, stats.tlb_misses);
	print_translation(out, vcpu->index, &stats);
	for (int kind = 0; kind < EXIT_KINDS; kind++) {
		if (vcpu->exits[kind])
			fprintf(out, "cpu %u: exit %s %" PRIu64 " times in %.3f seconds\n",
				vcpu->index, exit_kind_name((enum exit_kind)kind),
				vcpu->exits[kind], seconds(vcpu->exit_ns[kind]));
	}
}

void stats_print(FILE *out, struct vm *vm, uint64_t ns)
{
	uint64_t instructions = 0;

	for (unsigned i = 0; i < vm->cpus; i++) {
		struct engine_stats stats = {0};

		vm->engine->stats(&vm->vcpus[i], &stats);
		instructions += stats.instructions;
	}
	fprintf(out, "%s: %" PRIu64 " instructions in %.3f seconds, %.1f million a second\n",
		vm->engine->name, instructions, seconds(ns),
		ns ? (double)instructions / seconds(ns) / 1e6 : 0);
	for (unsigned i = 0; i < vm->cpus; i++)
		print_cpu(out, &vm->vcpus[i]);
}

void stats_print_balloon(FILE *out, const struct vm *vm, const struct virtio_balloon_stats *stats)
{
	fprintf(out, "balloon: held %.1f of %.1f MiB; %.1f MiB lent to the host", mib(stats->peak),
		mib(stats->target), mib(stats->returned));
	if (stats->known)
		fprintf(out, "; of %.1f MiB the guest has %.1f free, %.1f for files",
			mib(stats->total), mib(stats->free), mib(stats->caches));
	fprintf(out, "; it occupies %.1f MiB\n", mib(memory_resident(&vm->memory)));
}
