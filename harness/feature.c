/*
 * A feature is present when a 4-bit field of an ID register is in a range (Arm DDI 0487, D19.2; the
 * principles of the ID scheme are in D19.1.3). Most fields count up from 0; those of the 4 KiB and
 * 64 KiB granules begin at 0 and are 15 for "not", those of FP16 as well.
 */
#include "harness/feature.h"

#include <string.h>

#include "core/vm.h"

static const struct feature {
	const char *word;
	const char *reg;
	unsigned shift;
	unsigned first, last; /* values of the field that mean "present" */
} features[] = {
	{"aes", "id_aa64isar0_el1", 4, 1, 15},
	{"pmull", "id_aa64isar0_el1", 4, 2, 15},
	{"sha1", "id_aa64isar0_el1", 8, 1, 15},
	{"sha2", "id_aa64isar0_el1", 12, 1, 15},
	{"sha512", "id_aa64isar0_el1", 12, 2, 15},
	{"crc32", "id_aa64isar0_el1", 16, 1, 15},
	{"lse", "id_aa64isar0_el1", 20, 2, 15},
	{"rdm", "id_aa64isar0_el1", 28, 1, 15},
	{"sha3", "id_aa64isar0_el1", 32, 1, 15},
	{"dotprod", "id_aa64isar0_el1", 44, 1, 15},
	{"fhm", "id_aa64isar0_el1", 48, 1, 15},
	{"flagm", "id_aa64isar0_el1", 52, 1, 15},
	{"rng", "id_aa64isar0_el1", 60, 1, 15},
	{"dpb", "id_aa64isar1_el1", 0, 1, 15},
	{"jscvt", "id_aa64isar1_el1", 12, 1, 15},
	{"fcma", "id_aa64isar1_el1", 16, 1, 15},
	{"lrcpc", "id_aa64isar1_el1", 20, 1, 15},
	{"fp16", "id_aa64pfr0_el1", 16, 1, 14},
	{"aarch64_only", "id_aa64pfr0_el1", 0, 1, 1}, /* no AArch32, not even at EL0 */
	{"ssbs", "id_aa64pfr1_el1", 4, 1, 15},
	{"granule16k", "id_aa64mmfr0_el1", 20, 1, 15},
	{"granule64k", "id_aa64mmfr0_el1", 24, 0, 14},
	{"granule4k", "id_aa64mmfr0_el1", 28, 0, 14},
	{"pmu", "id_aa64dfr0_el1", 8, 1, 14},
	{"hafdbs", "id_aa64mmfr1_el1", 0, 1, 15},
	{"pan", "id_aa64mmfr1_el1", 20, 1, 15},
	{"uao", "id_aa64mmfr2_el1", 4, 1, 15},
};

int feature_present(struct vcpu *vcpu, const char *word, bool *present, struct error *err)
{
	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++) {
		const struct feature *feature = &features[i];
		struct reg_value value;
		unsigned field;

		if (strcmp(feature->word, word))
			continue;
		if (vcpu->vm->engine->reg_get(vcpu, feature->reg, &value, err))
			return -1;
		field = value.lo >> feature->shift & 15;
		*present = field >= feature->first && field <= feature->last;
		return 0;
	}
	return error_set(err, ERROR_BAD_DATA, "needs %s: no such feature", word);
}
