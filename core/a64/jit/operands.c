/*
 * Guest registers as operands of host instructions.
 */
#include "core/a64/jit/jit.h"

void jit_load_to(struct translator *t, bool wide, int reg, unsigned guest)
{
	if (guest == A64_ZERO)
		emit_mov_imm(&t->code, reg, 0);
	else if (t->host[guest] != JIT_NO_REG)
		emit_mov(&t->code, wide, reg, t->host[guest]);
	else
		emit_load(&t->code, wide, reg, guest_mem(guest));
}

int jit_source(struct translator *t, unsigned guest, int scratch)
{
	if (is_guest(guest) && t->host[guest] != JIT_NO_REG)
		return t->host[guest];
	jit_load_to(t, true, scratch, guest);
	return scratch;
}

int jit_target(const struct translator *t, unsigned guest, int scratch)
{
	return is_guest(guest) && t->host[guest] != JIT_NO_REG ? t->host[guest] : scratch;
}

void jit_target_done(struct translator *t, unsigned guest, int reg)
{
	if (is_guest(guest) && t->host[guest] == JIT_NO_REG)
		emit_store(&t->code, true, guest_mem(guest), reg);
}
