/*
 * Architectural state by name, through KVM_GET_ONE_REG and KVM_SET_ONE_REG
 * (Documentation/virt/kvm/api.rst, 4.68: "arm64 registers"). A register's identifier says its size
 * and its class: the core registers are offsets into struct kvm_regs, the system registers their
 * own encoding. Any system register can be named by that, s3_0_c1_c0_0, as assemblers do; those
 * with a line in the table below by their name, too.
 */
#include "core/kvm/kvm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define CORE(size, field) \
	(KVM_REG_ARM64 | KVM_REG_SIZE_##size | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(field))
#define REGS_STEP (sizeof(uint64_t) / sizeof(uint32_t)) /* identifiers count words */

#define CORE_X0	    CORE(U64, regs.regs[0])
#define CORE_SP_EL0 CORE(U64, regs.sp)
#define CORE_SP_EL1 CORE(U64, sp_el1)
#define CORE_PSTATE CORE(U64, regs.pstate)
#define CORE_V0	    CORE(U128, fp_regs.vregs[0])
#define V_STEP	    (16 / sizeof(uint32_t))

#define PSTATE_NZCV_SHIFT 28
#define PSTATE_SP	  1ULL /* SPSel; with EL0 it is 0 */

/* Registers that have an identifier of their own: the core's, and two that the timer renames. */
static const struct {
	const char *name;
	uint64_t id;
} core_registers[] = {
	{"pc", CORE(U64, regs.pc)},
	{"pstate", CORE_PSTATE},
	{"sp_el0", CORE_SP_EL0},
	{"sp_el1", CORE_SP_EL1},
	{"elr_el1", CORE(U64, elr_el1)},
	{"spsr_el1", CORE(U64, spsr[KVM_SPSR_EL1])},
	{"fpcr", CORE(U32, fp_regs.fpcr)},
	{"fpsr", CORE(U32, fp_regs.fpsr)},
	{"cntv_ctl_el0", KVM_REG_ARM_TIMER_CTL},
	{"cntv_cval_el0", KVM_REG_ARM_TIMER_CVAL},
	{"cntvct_el0", KVM_REG_ARM_TIMER_CNT},
};

/* Arm DDI 0487, D19.2: op0, op1, CRn, CRm, op2. */
static const struct {
	const char *name;
	uint8_t op0, op1, crn, crm, op2;
} system_registers[] = {
	{"mdscr_el1", 2, 0, 0, 2, 2},	     {"midr_el1", 3, 0, 0, 0, 0},
	{"mpidr_el1", 3, 0, 0, 0, 5},	     {"revidr_el1", 3, 0, 0, 0, 6},
	{"id_aa64pfr0_el1", 3, 0, 0, 4, 0},  {"id_aa64pfr1_el1", 3, 0, 0, 4, 1},
	{"id_aa64zfr0_el1", 3, 0, 0, 4, 4},  {"id_aa64smfr0_el1", 3, 0, 0, 4, 5},
	{"id_aa64dfr0_el1", 3, 0, 0, 5, 0},  {"id_aa64dfr1_el1", 3, 0, 0, 5, 1},
	{"id_aa64isar0_el1", 3, 0, 0, 6, 0}, {"id_aa64isar1_el1", 3, 0, 0, 6, 1},
	{"id_aa64isar2_el1", 3, 0, 0, 6, 2}, {"id_aa64mmfr0_el1", 3, 0, 0, 7, 0},
	{"id_aa64mmfr1_el1", 3, 0, 0, 7, 1}, {"id_aa64mmfr2_el1", 3, 0, 0, 7, 2},
	{"sctlr_el1", 3, 0, 1, 0, 0},	     {"actlr_el1", 3, 0, 1, 0, 1},
	{"cpacr_el1", 3, 0, 1, 0, 2},	     {"ttbr0_el1", 3, 0, 2, 0, 0},
	{"ttbr1_el1", 3, 0, 2, 0, 1},	     {"tcr_el1", 3, 0, 2, 0, 2},
	{"afsr0_el1", 3, 0, 5, 1, 0},	     {"afsr1_el1", 3, 0, 5, 1, 1},
	{"esr_el1", 3, 0, 5, 2, 0},	     {"far_el1", 3, 0, 6, 0, 0},
	{"par_el1", 3, 0, 7, 4, 0},	     {"mair_el1", 3, 0, 10, 2, 0},
	{"amair_el1", 3, 0, 10, 3, 0},	     {"vbar_el1", 3, 0, 12, 0, 0},
	{"contextidr_el1", 3, 0, 13, 0, 1},  {"tpidr_el1", 3, 0, 13, 0, 4},
	{"cntkctl_el1", 3, 0, 14, 1, 0},     {"clidr_el1", 3, 1, 0, 0, 1},
	{"csselr_el1", 3, 2, 0, 0, 0},	     {"ctr_el0", 3, 3, 0, 0, 1},
	{"pmcr_el0", 3, 3, 9, 12, 0},	     {"tpidr_el0", 3, 3, 13, 0, 2},
	{"tpidrro_el0", 3, 3, 13, 0, 3},     {"cntpct_el0", 3, 3, 14, 0, 1},
	{"cntp_ctl_el0", 3, 3, 14, 2, 1},    {"cntp_cval_el0", 3, 3, 14, 2, 2},
};

/* --- From names to identifiers --- */

/* A register file by letter and number, "x12": its index, or -1. */
static int numbered(const char *name, char letter, unsigned count)
{
	char *end;
	unsigned long number;

	if (name[0] != letter || name[1] < '0' || name[1] > '9' || (name[1] == '0' && name[2]))
		return -1;
	number = strtoul(name + 1, &end, 10);
	return *end || number >= count ? -1 : (int)number;
}

static uint64_t system_id(unsigned op0, unsigned op1, unsigned crn, unsigned crm, unsigned op2)
{
	return ARM64_SYS_REG(op0, op1, crn, crm, op2);
}

/* "s3_0_c1_c0_0", exactly: what is parsed must print as the same. */
static uint64_t encoded_id(const char *name)
{
	unsigned op0, op1, crn, crm, op2;
	char again[32];

	if (sscanf(name, "s%1u_%1u_c%2u_c%2u_%1u", &op0, &op1, &crn, &crm, &op2) != 5)
		return 0;
	snprintf(again, sizeof(again), "s%u_%u_c%u_c%u_%u", op0, op1, crn, crm, op2);
	if (strcmp(again, name) || op0 > 3 || op1 > 7 || crn > 15 || crm > 15 || op2 > 7)
		return 0;
	return system_id(op0, op1, crn, crm, op2);
}

/* The identifier of a register that has exactly one; 0 for none. */
static uint64_t register_id(const char *name)
{
	int number = numbered(name, 'x', 31);

	if (number >= 0)
		return CORE_X0 + (unsigned)number * REGS_STEP;
	number = numbered(name, 'v', 32);
	if (number >= 0)
		return CORE_V0 + (unsigned)number * V_STEP;
	for (size_t i = 0; i < sizeof(core_registers) / sizeof(*core_registers); i++)
		if (!strcmp(name, core_registers[i].name))
			return core_registers[i].id;
	for (size_t i = 0; i < sizeof(system_registers) / sizeof(*system_registers); i++)
		if (!strcmp(name, system_registers[i].name))
			return system_id(system_registers[i].op0, system_registers[i].op1,
					 system_registers[i].crn, system_registers[i].crm,
					 system_registers[i].op2);
	return encoded_id(name);
}

/* --- Transfers --- */

static int unknown_register(const char *name, struct error *err)
{
	return error_set(err, ERROR_USAGE, "there is no register \"%s\"", name);
}

/* A shorter register is the low end of the value: host and guest are little-endian. */
static int transfer(struct vcpu *vcpu, unsigned long request, uint64_t id, struct reg_value *value,
		    const char *name, struct error *err)
{
	const struct kvm_one_reg reg = {.id = id, .addr = (uintptr_t)value};

	if (!id)
		return unknown_register(name, err);
	if (ioctl(kvm_vcpu_of(vcpu)->fd, request, &reg) == 0)
		return 0;
	if (errno == ENOENT)
		return unknown_register(name, err);
	return error_set_errno(err, errno, "%s (%s)",
			       request == KVM_GET_ONE_REG ? "KVM_GET_ONE_REG" : "KVM_SET_ONE_REG",
			       name);
}

static int get(struct vcpu *vcpu, uint64_t id, const char *name, struct reg_value *value,
	       struct error *err)
{
	*value = (struct reg_value){0};
	return transfer(vcpu, KVM_GET_ONE_REG, id, value, name, err);
}

/* The stack pointer in use. */
static int stack_pointer_id(struct vcpu *vcpu, uint64_t *id, struct error *err)
{
	struct reg_value pstate;

	if (get(vcpu, CORE_PSTATE, "pstate", &pstate, err) < 0)
		return -1;
	*id = pstate.lo & PSTATE_SP ? CORE_SP_EL1 : CORE_SP_EL0;
	return 0;
}

int kvm_reg_get(struct vcpu *vcpu, const char *name, struct reg_value *value, struct error *err)
{
	uint64_t id;

	if (!strcmp(name, "sp"))
		return stack_pointer_id(vcpu, &id, err) < 0 ? -1 : get(vcpu, id, name, value, err);
	if (strcmp(name, "nzcv"))
		return get(vcpu, register_id(name), name, value, err);
	if (get(vcpu, CORE_PSTATE, name, value, err) < 0)
		return -1;
	value->lo = value->lo >> PSTATE_NZCV_SHIFT & 15;
	return 0;
}

static int set_flags(struct vcpu *vcpu, uint64_t flags, struct error *err)
{
	struct reg_value pstate;

	if (get(vcpu, CORE_PSTATE, "nzcv", &pstate, err) < 0)
		return -1;
	pstate.lo &= ~(15ULL << PSTATE_NZCV_SHIFT);
	pstate.lo |= (flags & 15) << PSTATE_NZCV_SHIFT;
	return transfer(vcpu, KVM_SET_ONE_REG, CORE_PSTATE, &pstate, "nzcv", err);
}

int kvm_reg_set(struct vcpu *vcpu, const char *name, struct reg_value value, struct error *err)
{
	uint64_t id;

	if (!strcmp(name, "nzcv"))
		return set_flags(vcpu, value.lo, err);
	if (strcmp(name, "sp"))
		id = register_id(name);
	else if (stack_pointer_id(vcpu, &id, err) < 0)
		return -1;
	return transfer(vcpu, KVM_SET_ONE_REG, id, &value, name, err);
}
