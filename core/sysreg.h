/*
 * The system-register table: which owner answers an MRS or MSR of a given encoding. The software
 * CPU registers its own registers; devices that are reached by system registers (the GIC's CPU
 * interface, the generic timer) register theirs, as they would on the bus. An encoding in nobody's
 * hands is UNDEFINED. The table is fixed before the first vCPU runs. (Under KVM the kernel owns all
 * of these and the table is not used.)
 */
#ifndef GOD_CORE_SYSREG_H
#define GOD_CORE_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct vcpu;

/* Arm ARM, C5.1.2: bits [20:5] of the MRS/MSR encoding, op0 with its top bit. */
#define SYSREG(op0, op1, crn, crm, op2) \
	((uint16_t)((op0) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2)))

enum sysreg_access {
	SYSREG_OK,
	SYSREG_UNDEFINED, /* the access takes an Undefined Instruction exception (EC 0) */
	SYSREG_TRAP,	  /* the access traps to EL1 with EC 0x18 (an EL0 enable bit is clear) */
};

/* A register that is no more than a uint64_t, `offset` bytes into the vCPU's engine state. */
struct sysreg_storage {
	uint32_t offset;
	bool read_only; /* a write does something else, or more */
	uint64_t mask;	/* a write stores value & mask */
};

struct sysreg {
	uint16_t key;	  /* SYSREG(...) */
	uint8_t min_el;	  /* lowest exception level that may access it (0 or 1) */
	const char *name; /* lower case, the architecture's: "cntv_ctl_el0" */
	/*
	 * Optional further check, called before the access when min_el allows it.
	 * Depends on the vCPU's state and so is made at each access.
	 */
	enum sysreg_access (*check)(void *owner, struct vcpu *vcpu, unsigned el, bool write);
	/* NULL read: write-only; NULL write: read-only. The other direction is UNDEFINED. */
	uint64_t (*read)(void *owner, struct vcpu *vcpu);
	void (*write)(void *owner, struct vcpu *vcpu, uint64_t value);
	/*
	 * For a translator, which need not call these two then. storage: what they do is what it
	 * says; NULL: they do more. constant: read gives a vCPU the same value each time.
	 */
	const struct sysreg_storage *storage;
	bool constant;
	void *owner;
};

struct sysreg_table {
	struct sysreg *regs; /* sorted by key */
	unsigned count, room;
};

/* Copy `count` entries in, with `owner` as each one's owner. ERROR_INTERNAL when a key is taken. */
int sysreg_add(struct sysreg_table *table, const struct sysreg *regs, unsigned count, void *owner,
	       struct error *err);
void sysreg_destroy(struct sysreg_table *table);

/* NULL when nobody owns the encoding. The pointer is good until the next sysreg_add. */
const struct sysreg *sysreg_find(const struct sysreg_table *table, uint16_t key);
const struct sysreg *sysreg_find_name(const struct sysreg_table *table, const char *name);

#endif
