/*
 * The one list of what this CPU has. The ID registers (core/a64/idregs.c), the decoder (the last
 * column of a64.decode) and so the guest's HWCAPs follow from it: what is not in the set is neither
 * advertised nor executed. Names are those of the Arm ARM, A2.
 */
#ifndef GOD_CORE_A64_FEATURES_H
#define GOD_CORE_A64_FEATURES_H

#include <stdint.h>

enum a64_feature {
	A64_FEATURE_BASE, /* Armv8.0-A without the options below */
	A64_FEATURE_FP,
	A64_FEATURE_AdvSIMD,
	A64_FEATURE_CRC32,
	A64_FEATURE_AES,
	A64_FEATURE_PMULL,
	A64_FEATURE_SHA1,
	A64_FEATURE_SHA256,
	A64_FEATURE_LSE,
	A64_FEATURE_PAN,
	A64_FEATURE_PAN2,
	A64_FEATURE_UAO,
	A64_FEATURE_DPB,
	A64_FEATURE_RDM,
	A64_FEATURE_FP16,
	A64_FEATURE_DotProd,
	A64_FEATURE_LRCPC,
	A64_FEATURE_SSBS,
	A64_FEATURE_SB,
	A64_FEATURE_FlagM,
	A64_FEATURE_HAFDBS,
	A64_FEATURE_PMUv3p1,
};

typedef uint64_t a64_features;

#define A64_HAS(features, name) (((features) >> A64_FEATURE_##name) & 1)

/* What a64_cpu.features holds at reset. */
#define A64_FEATURE_BIT(name) (1ULL << A64_FEATURE_##name)
#define A64_FEATURES                                                                 \
	(A64_FEATURE_BIT(BASE) | A64_FEATURE_BIT(FP) | A64_FEATURE_BIT(AdvSIMD) |    \
	 A64_FEATURE_BIT(CRC32) | A64_FEATURE_BIT(AES) | A64_FEATURE_BIT(PMULL) |    \
	 A64_FEATURE_BIT(SHA1) | A64_FEATURE_BIT(SHA256) | A64_FEATURE_BIT(LSE) |    \
	 A64_FEATURE_BIT(PAN) | A64_FEATURE_BIT(PAN2) | A64_FEATURE_BIT(UAO) |       \
	 A64_FEATURE_BIT(DPB) | A64_FEATURE_BIT(RDM) | A64_FEATURE_BIT(FP16) |       \
	 A64_FEATURE_BIT(DotProd) | A64_FEATURE_BIT(LRCPC) | A64_FEATURE_BIT(SSBS) | \
	 A64_FEATURE_BIT(HAFDBS) | A64_FEATURE_BIT(PMUv3p1))

#endif
