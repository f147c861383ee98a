/*
 * The translator's parts and what they share.
 *
 * A *region* is what is translated at once: basic blocks of one guest page that direct branches reach
 * from its first instruction (region.c). Its general registers live in host registers from its
 * entry to its exits, as many as fit (registers.c). Between regions everything is in struct a64_cpu.
 *
 * Each page of decoded code (core/a64/code.h) has for each slot the address of the translated code that
 * begins there, or of the stub that goes back to the run loop. Whoever goes on at a slot jumps through
 * it, so nothing has to be patched when a region appears, and dropping a page drops its regions.
 *
 * Conventions of translated code:
 *
 *	RBP		struct a64_cpu + JIT_BIAS
 *	R15		instructions executed that cpu->instructions does not have yet
 *	RAX RCX RDX	scratch
 *	the others	the region's guest registers
 *	XMM0 to XMM5	scratch; the others: the region's guest vector registers
 *	RSI		at the jump to a slot: its offset in bytes in the guest page
 *
 * Flags are in memory in one of two forms: what the interpreter knows (cpu->n_result ...), when
 * cpu->lazy.kind is 0, or the operands of what set them last. In C, kind is always 0.
 */
#ifndef GOD_CORE_A64_JIT_JIT_H
#define GOD_CORE_A64_JIT_JIT_H

#include <stddef.h>
#include <stdio.h>

#include "core/a64/code.h"
#include "core/a64/cpu.h"
#include "core/a64/decode.h"
#include "core/a64/insn.h"
#include "core/a64/jit/emit.h"
#include "core/error.h"

#define JIT_BIAS	 128
#define JIT_REGION_INSNS 256
#define JIT_BLOCKS	 JIT_REGION_INSNS
#define JIT_FIXUPS	 4096
#define JIT_STRETCHES	 128
#define JIT_HOST_REGS	 10
#define JIT_HOST_XMMS	 10
#define JIT_NO_REG	 (-1)

/* What an instruction does to registers and flags, and how it is translated. */
#define JIT_DEF_D   (1u << 0)
#define JIT_USE_D   (1u << 1)
#define JIT_DEF_N   (1u << 2)
#define JIT_USE_N   (1u << 3)
#define JIT_DEF_M   (1u << 4)
#define JIT_USE_M   (1u << 5)
#define JIT_USE_A   (1u << 6)
#define JIT_READS_F (1u << 7)  /* reads NZCV */
#define JIT_SETS_F  (1u << 8)  /* writes all of NZCV */
#define JIT_KEEPS   (1u << 9)  /* its host code leaves the host's flags alone */
#define JIT_WIDE    (1u << 10) /* 64-bit */
#define JIT_MEMORY  (1u << 11) /* may leave to the interpreter's function out of line */
#define JIT_CALL    (1u << 12) /* calls the interpreter's function */
#define JIT_BRANCH  (1u << 13) /* direct, conditional unless JIT_ALWAYS */
#define JIT_ALWAYS  (1u << 14)
#define JIT_LINK    (1u << 15) /* writes x30 */
#define JIT_END	    (1u << 16) /* goes where is not known: ends a region's path */
#define JIT_FP	    (1u << 17) /* traps where FP and AdvSIMD are not enabled */
#define JIT_FP_MODE (1u << 25) /* translated for FPCR's usual modes alone */
/* The same of vector registers. */
#define JIT_DEF_VD (1u << 18)
#define JIT_USE_VD (1u << 19)
#define JIT_USE_VN (1u << 20)
#define JIT_DEF_VM (1u << 21)
#define JIT_USE_VM (1u << 22)
#define JIT_USE_VA (1u << 23)
#define JIT_LIST   (1u << 24) /* VD stands for as many registers as bits 2:0 of arg say */
#define JIT_TABLE  (1u << 26) /* VN stands for as many registers as ra has bytes */
#define JIT_USER   (1u << 27) /* accesses the lower half with the permissions of EL0 */
#define JIT_DEF_A  (1u << 28)
#define JIT_USE_P  (1u << 29) /* the register of which imm2 is the number */
/* Beside slot and op, in what jit_exec_one() gets: the instruction may change the flags. */
#define JIT_SETS_KIND (1u << 31)
/* The same: it may look at FPSR, or compute with the host's FPU. */
#define JIT_FPU (1u << 30)

/* Host features beyond x86-64-v2. */
struct jit_host {
	bool bmi2, lzcnt, fma, avx, aes, pclmul, sha;
};

struct translator;
struct jit_item;

struct jit_op {
	void (*emit)(struct translator *t, const struct jit_item *item);
	uint32_t flags;
	uint32_t arg;
	/* Is this encoding translated on this host? False: JIT_CALL. NULL: all are, everywhere. */
	bool (*inlined)(const struct jit_host *host, const struct a64_insn *i);
};

/* By enum a64_op. No emit and no flags: JIT_CALL. */
extern const struct jit_op jit_integer_ops[A64_OPS], jit_memory_ops[A64_OPS],
	jit_branch_ops[A64_OPS], jit_fp_ops[A64_OPS], jit_fp_convert_ops[A64_OPS],
	jit_system_ops[A64_OPS], jit_atomic_ops[A64_OPS], jit_bits_ops[A64_OPS],
	jit_simd_ops[A64_OPS], jit_simd_compare_ops[A64_OPS], jit_simd_lanes_ops[A64_OPS],
	jit_simd_shift_ops[A64_OPS], jit_simd_width_ops[A64_OPS], jit_simd_permute_ops[A64_OPS],
	jit_simd_memory_ops[A64_OPS], jit_simd_fp_ops[A64_OPS], jit_simd_fp_convert_ops[A64_OPS],
	jit_crypto_ops[A64_OPS];
/* translate_system.c: of A64_OP_MRS and A64_OP_MSR; reg is the register's owner, or NULL. */
const struct jit_op *jit_sysreg_info(unsigned op, const struct sysreg *reg);

/* A set of guest registers: bit n for general register n, bit 32 + n for vector register n. */
typedef uint64_t jit_set;

#define JIT_VECTORS 32
#define JIT_GUESTS  64

enum jit_flags { FLAGS_NONE, FLAGS_SUB, FLAGS_ADD };

/* cpu->lazy.kind. */
enum jit_kind {
	KIND_CANONICAL,
	KIND_SUB_64,
	KIND_SUB_32,
	KIND_ADD_64,
	KIND_ADD_32,
	KIND_AND_64,
	KIND_AND_32,
	KIND_NZCV,
	KIND_HOST_ADD, /* what the host's flags were after an addition: AH and AL of LAHF, SETO AL */
	KIND_HOST_SUB, /* after a subtraction */
	KIND_UNKNOWN,  /* to the translator alone */
};

/*
 * Flags whose operands are where they were when they were set: first operand a (+ plus, + b), second
 * operand b, or imm where b is A64_ZERO. kind KIND_CANONICAL: there are none.
 */
struct jit_pending {
	enum jit_kind kind;
	uint8_t a, b;
	bool plus_b;
	int32_t plus, imm;
};

/* Accesses by one base register and constants, which one look-up serves (groups.c). */
enum jit_role { GROUP_NONE, GROUP_LEADER, GROUP_FOLLOWER };

struct jit_group {
	enum jit_role role;
	uint8_t place;	  /* of cpu->page_delta */
	int16_t low;	  /* a leader: where the range begins, from its own address */
	uint16_t span;	  /* bytes */
	uint16_t last;	  /* the last item of the group */
	uint16_t stretch; /* of the first leader of a stretch: the stretch's last item */
};

/* An access by a base register and a constant. */
struct jit_access {
	int64_t offset; /* from the base register before the instruction */
	unsigned size;	/* bytes */
	bool write;
	int64_t added; /* to the base register */
};

/* One instruction of a region. */
struct jit_item {
	struct a64_insn insn;
	const struct jit_op *info;
	uint32_t flags;
	uint16_t op;
	uint16_t slot, block;
	jit_set uses, defs;
	jit_set dirty;		   /* may be newer in a host register than in memory, before it */
	jit_set live;		   /* needed in host registers after it */
	bool flags_needed;	   /* it sets flags, and they must be in memory */
	bool check_fp, check_mode; /* it has to look whether FP is enabled, and at FPCR */
	struct jit_group group;
};

#define JIT_EXIT (-1)

struct jit_block {
	uint16_t first, count; /* items */
	int16_t next, taken;   /* blocks, or JIT_EXIT */
	uint16_t taken_slot;   /* valid when the terminator is a branch within the page */
	bool has_taken, has_next, taken_in_page;
	bool loop_head;
	uint8_t depth;
	uint8_t preds;
	jit_set live_in, live_out, dirty_in, dirty_out;
	uint8_t fp_known; /* at its begin (fp_checks.c) */
	bool flags_in;
	struct jit_pending pending_in; /* at its begin, where one block alone leads to it */
	/* If it loops on itself, what a second copy of it begins with; nothing: there is none. */
	struct jit_pending pending_again;
	uint8_t fp_again;
	uint8_t *code, *code_again;
};

static inline bool jit_is_copied(const struct jit_block *block)
{
	return block->pending_again.kind || block->fp_again;
}

struct region {
	struct jit_item items[JIT_REGION_INSNS];
	struct jit_block blocks[JIT_BLOCKS];
	unsigned items_count, blocks_count;
	unsigned entry; /* block */
	bool bounded;	/* with virtual time: each block may be left before it begins */
};

/* Is it the first instruction that is executed when the region is entered? */
static inline bool jit_is_entry(const struct region *r, const struct jit_item *item)
{
	return item == &r->items[r->blocks[r->entry].first];
}

/* What is known of the exception level, and which stack pointer is in use. */
enum jit_el { EL_UNKNOWN, EL_IS_1, EL_IS_1H };

/*
 * Vector registers whose host register has anything above the lowest 8 or 4 bytes, where the guest's
 * is 0; bit n for register n (vector.c).
 */
struct jit_vectors {
	uint32_t halves, singles;
};

/* A jump to be filled in. */
struct fixup {
	uint8_t *at;
	uint8_t *back;
	const struct jit_item *item;
	uint16_t block; /* of a jump to a block, or the block that the item is in */
	enum fixup_kind {
		FIXUP_BLOCK,
		FIXUP_AGAIN,
		FIXUP_APART,
		FIXUP_SLOW,
		FIXUP_EXIT,
		FIXUP_ATTENTION
	} kind;
	uint16_t before;
	int64_t slot;
	jit_set dirty;
	struct jit_vectors vectors;
	struct jit_pending pending;
};

#define JIT_NO_PLACE (-1)

/* What the translator knows at a point of a block. */
struct jit_known {
	struct jit_vectors vectors;
	enum jit_flags flags;
	enum jit_kind kind;
	struct jit_pending pending;
	uint8_t fp_again;
	bool sp_checked;
	enum jit_el el;
	uint64_t constant;
	int constant_of, constant_at;
};

/* A part of a block that is translated a second time, without groups. */
struct jit_stretch {
	struct jit_block *block;
	const struct jit_item *first, *last;
	struct jit_known known;	     /* at its begin */
	unsigned fixups, fixups_end; /* of the first translation */
	uint8_t *join;		     /* its end */
};

struct translator {
	struct a64_cpu *cpu;
	struct a64_jit *jit;
	struct code code;
	struct region region;
	struct a64_code_page *page;
	struct jit_block *block;
	unsigned before; /* items of the block before the current one */
	int8_t host[34]; /* guest register to host register or JIT_NO_REG */
	int8_t host_xmm[32];
	jit_set in_host;
	struct jit_vectors vectors;
	enum jit_flags flags;
	enum jit_kind kind;	    /* of the flags in memory, if known */
	struct jit_pending pending; /* they are not in memory */
	uint8_t fp_again;	    /* what an earlier iteration has seen (fp_checks.c) */
	bool counted;		    /* the block's instructions are in R15 already */
	bool sp_checked;
	enum jit_el el_known;
	bool upper; /* data is expected in the half of the address space that the code is in */
	bool smp;
	uint64_t constant; /* the value of register constant_of, by moves of constants */
	int constant_of, constant_at;
	struct fixup fixups[JIT_FIXUPS];
	unsigned fixups_count;
	struct jit_stretch stretches[JIT_STRETCHES];
	unsigned stretches_count;
	struct jit_stretch *stretch; /* being translated, or NULL */
	bool apart;		     /* for the second time */
	unsigned fixups_own;	     /* fixups before this one are not of the current translation */
	int delta_at;		     /* RDX holds cpu->page_delta[that], if it is no JIT_NO_PLACE */
	bool failed;
	uint16_t slot_of[A64_CODE_INSNS]; /* item + 1 */
	uint8_t leader[A64_CODE_INSNS], inside[A64_CODE_INSNS];
};

/* One vCPU's translator and code cache (cache.c). */
struct a64_jit {
	uint8_t *writable;	   /* the cache as the translator writes it */
	const uint8_t *executable; /* the same memory as it is executed */
	size_t size, used, start;  /* start: after the thunks */
	struct jit_host host;
	const uint8_t *constants; /* in the writable view */
	const uint8_t *table_of; /* by op: which of the tables of struct jit_op has it (region.c) */
	unsigned threshold;
	struct translator *translator;
	bool bounded; /* with virtual time: run() ends at an exact instruction */
	/* Thunks, in the writable view. */
	uint8_t *exit, *fetch, *call, *call_branch, *normalise;
	a64_exec *enter;
	struct a64_insn single[2];
	FILE *perf_map; /* or NULL */
	bool timing;
	uint64_t regions, blocks, insns, ns, flushes; /* statistics */
};

#define JIT_NO_TABLE UINT8_MAX

/* region.c: what table_of is, which never changes; and how an instruction is translated on this host. */
const uint8_t *jit_ops_index(void);
const struct jit_op *jit_op_info(const struct a64_jit *jit, unsigned op, const struct a64_insn *i);

int jit_cache_init(struct a64_cpu *cpu, size_t size, struct error *err);
/* perf_map.c: enter what the thunks are, and a region that was just translated. */
void jit_perf_thunks(const struct a64_jit *jit);
void jit_perf_region(const struct a64_cpu *cpu, const struct a64_insn *i, const void *code,
		     size_t size);
bool jit_cache_full(const struct a64_jit *jit);
void jit_cache_destroy(struct a64_cpu *cpu);
/* thunks.c: the code that all regions share, at the start of the cache. */
void jit_thunks_emit(struct a64_cpu *cpu, struct code *code);
/* Called by translated code: execute one instruction by the interpreter's function. */
uint32_t jit_slot_op(unsigned slot, unsigned op, uint32_t word);
void jit_exec_one(struct a64_cpu *cpu, uint32_t slot_op);
const struct a64_insn *jit_exec_branch(struct a64_cpu *cpu, uint32_t slot_op);
void jit_normalise(struct a64_cpu *cpu);
/* cpu->left: translated code was left by an exception, not through its exit. */
void jit_left(struct a64_cpu *cpu);

/* Execute the one instruction at i by the interpreter's function; where to go on. */
const struct a64_insn *jit_exec_alone(struct a64_cpu *cpu, const struct a64_insn *i);

/* Translate the region that begins at slot i of the current page. False: it can not be. */
bool jit_translate(struct a64_cpu *cpu, const struct a64_insn *i);

/* region.c: collect the region; false when there is nothing to translate. */
bool jit_region_collect(struct translator *t, unsigned slot);
/* fp_checks.c: which instructions look whether they may be executed as they are translated. */
void jit_fp_analyse(struct translator *t);
/* And which have yet to look in a second copy of a block. */
bool jit_fp_checks_enabled(const struct translator *t, const struct jit_item *item);
bool jit_fp_checks_mode(const struct translator *t, const struct jit_item *item);
/* registers.c: liveness, and which guest registers get a host register. */
void jit_registers_assign(struct translator *t);
/* flags.c */
void jit_flags_analyse(struct translator *t);

/* ---- Operands ---- */

static inline struct x86_rm cpu_at(size_t offset)
{
	return rm_mem(RBP, (int32_t)offset - JIT_BIAS);
}

#define CPU(field) cpu_at(offsetof(struct a64_cpu, field))

static inline struct x86_rm guest_mem(unsigned guest)
{
	return cpu_at(offsetof(struct a64_cpu, x) + 8 * guest);
}

static inline bool is_guest(unsigned guest)
{
	return guest <= A64_SP;
}

/* Where a guest register is: host register or memory. Not for A64_ZERO. */
static inline struct x86_rm guest_rm(const struct translator *t, unsigned guest)
{
	return t->host[guest] == JIT_NO_REG ? guest_mem(guest) : rm_reg(t->host[guest]);
}

/* The guest register in a host register: its own, or `scratch`, loaded. Leaves host flags alone. */
int jit_source(struct translator *t, unsigned guest, int scratch);
/* The guest register's value in that very host register. */
void jit_load_to(struct translator *t, bool wide, int reg, unsigned guest);
/* Where to compute the guest register's new value: its own host register, or `scratch`. */
int jit_target(const struct translator *t, unsigned guest, int scratch);
/* It has been computed there: store it if it has no register of its own. */
void jit_target_done(struct translator *t, unsigned guest, int reg);

/* Make the host's flags tell the guest's condition: the code to test. cond < 14. */
enum x86_cc jit_condition(struct translator *t, unsigned cond);
/* PSTATE.NZCV as bits 3 to 0 of RAX. Changes RCX, RDX and the host's flags. */
void jit_flags_read(struct translator *t);
/* The same, to be written: from RAX. */
void jit_flags_write(struct translator *t);
/* Make the host's carry flag tell the guest's C, or with `borrow` its inverse. */
void jit_carry(struct translator *t, bool borrow);
/* Remember the host's flags in memory, if needed; they are t->flags, and stay. Changes RAX. */
void jit_flags_keep(struct translator *t, const struct jit_item *item);
/* Remember operands a (register) and b in memory, if needed; before the operation. */
void jit_flags_store(struct translator *t, const struct jit_item *item, enum jit_kind kind, int a,
		     struct x86_rm b, const int32_t *imm);
/* Rather than that: remember which guest registers they are. False: not possible, or not needed. */
bool jit_flags_defer(struct translator *t, const struct jit_item *item, enum jit_kind kind,
		     const int32_t *imm);
/* Of operands: do they have 64 bits? */
bool jit_kind_is_wide(enum jit_kind kind);
/* Are flags needed in memory after item n of the current block? in_host: they are in the host's. */
bool jit_flags_needed_after(const struct translator *t, unsigned n, bool in_host);
/* pending.c: store the flags that are pending, if there are any. Changes RAX and RDX, no flags. */
void jit_pending_store(struct translator *t);
/* Guest registers that keep the operands: their host registers count as live. */
jit_set jit_pending_operands(const struct jit_pending *p);
/* Bring the host's flags back from the pending operands. Changes RAX. */
void jit_pending_recompute(struct translator *t);
/* Before an item that may change the operands. True: once it has, they are not there any more. */
bool jit_pending_check(struct translator *t, const struct jit_item *item);
/* Have they to be stored before the current block goes on with that one? */
bool jit_pending_ends(const struct translator *t, int to);
/* Do so, or have that block begin with them. */
void jit_pending_pass(struct translator *t, int to);
/* Count the block's instructions, unless that has been done. */
void jit_count_block(struct translator *t);
/* Make the flags those of NZCV, in the host's as after a subtraction, and in memory if needed. */
void jit_flags_constant(struct translator *t, const struct jit_item *item, unsigned nzcv);

/* From the address in RAX, the distance to the host address into RDX. Changes RCX. */
void jit_look_up(struct translator *t, const struct jit_item *item, unsigned size, bool write);
/* translate_memory.c: is it an ordinary load or store, and by a base register and a constant? */
bool jit_is_access(const struct jit_item *item);
bool jit_memory_access(const struct jit_item *item, struct jit_access *access);
/* groups.c: which accesses are of one group. */
void jit_groups_analyse(struct translator *t);
/* A stretch may begin before this item, or end behind it. */
void jit_stretch_begin(struct translator *t, const struct jit_item *item);
void jit_stretch_end(struct translator *t, const struct jit_item *item);
/* Behind all blocks: the second translations. */
void jit_stretches_emit(struct translator *t);
/* translate.c */
void jit_emit_item(struct translator *t, const struct jit_item *item);
void jit_known_get(const struct translator *t, struct jit_known *known);
void jit_known_set(struct translator *t, const struct jit_known *known);
/* The base register is SP, in host register `base`: its alignment. */
void jit_check_sp(struct translator *t, const struct jit_item *item, int base);
/* A full memory barrier. */
void jit_barrier(struct translator *t);
/* The end of a block, before which instructions may have changed what follows: fetch that anew. */
void jit_refetch(struct translator *t, const struct jit_item *last);
struct fixup *jit_fixup(struct translator *t, enum fixup_kind kind, uint8_t *at);
/* A jump to the slow path of the item. */
void jit_slow(struct translator *t, const struct jit_item *item, enum x86_cc cc);
/* Where slow paths of the item come back to. */
void jit_slow_back(struct translator *t, const struct jit_item *item);
void jit_emit_call(struct translator *t, const struct jit_item *item);
/* Load those of the guest registers that have a host register from memory. */
void jit_reload(struct translator *t, jit_set guests);
/* The end of a block whose last instruction is no branch. */
void jit_block_end(struct translator *t, const struct jit_item *last);
void jit_emit_out_of_line(struct translator *t);
/*
 * With virtual time: give way to the run loop at `slot` if the block from there on could pass the limit;
 * `done` of its items are behind it, and RAX and the host's flags are lost.
 */
void jit_room_check(struct translator *t, const struct jit_block *block, unsigned done,
		    unsigned slot, jit_set dirty);
/* The same after a call of the interpreter's function, which may also have asked for attention. */
void jit_room_check_call(struct translator *t, const struct jit_item *item, unsigned before);

#endif
