/*
 * Explanations of a failure.
 */
#include "harness/explain.h"

#include <capstone/capstone.h>
#include <ctype.h>
#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "core/memory.h"
#include "core/vm.h"
#include "harness/source_line.h"

#define CODE_BEFORE 5
#define CODE_AFTER  3

/* --- Code --- */

/* The text of a source line, where the file is at hand. */
static void print_source(FILE *out, const struct source_line *where)
{
	char text[256];
	FILE *file = fopen(where->file, "re");
	unsigned line = 0;

	fprintf(out, "  %s:%u:", where->file, where->line);
	while (file && line < where->line && fgets(text, sizeof(text), file)) {
		bool whole = strchr(text, '\n');

		line += whole;
		if (line == where->line)
			fprintf(out, " %s", text + strspn(text, " \t"));
	}
	if (!file || line < where->line)
		fputc('\n', out);
	if (file)
		fclose(file);
}

/* Without a handle (0) there is no memory for a disassembler: the word has to do. */
static csh open_disassembler(void)
{
	csh handle = 0;

	return cs_open(CS_ARCH_ARM64, CS_MODE_ARM, &handle) == CS_ERR_OK ? handle : 0;
}

static void close_disassembler(csh handle)
{
	if (handle)
		cs_close(&handle);
}

static void print_instruction(FILE *out, csh handle, uint32_t word, uint64_t address)
{
	const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
				  (uint8_t)(word >> 24)};
	cs_insn *insn = NULL;
	size_t count = handle ? cs_disasm(handle, bytes, 4, address, 1, &insn) : 0;

	fprintf(out, "%#" PRIx64 ":  %08x  ", address, word);
	if (count)
		fprintf(out, "%s%s%s\n", insn->mnemonic, *insn->op_str ? " " : "", insn->op_str);
	else
		fputs(".inst\n", out);
	if (count)
		cs_free(insn, count);
}

void explain_word(FILE *out, uint64_t address, uint32_t word)
{
	csh handle = open_disassembler();

	print_instruction(out, handle, word, address);
	close_disassembler(handle);
}

void explain_code(FILE *out, const struct vm *vm, struct bytes elf, uint64_t pc)
{
	struct source_line where;
	csh handle;

	if (pc % 4 || !memory_at(&vm->memory, pc, 4)) {
		fprintf(out, "  pc %#" PRIx64 " is not in RAM\n", pc);
		return;
	}
	if (source_line_find(elf, pc, &where))
		print_source(out, &where);
	handle = open_disassembler();
	for (int i = -CODE_BEFORE; i <= CODE_AFTER; i++) {
		uint64_t address = pc + (uint64_t)(4 * (int64_t)i);
		uint32_t word;

		if (!memory_read(&vm->memory, address, &word, sizeof(word)))
			continue;
		fprintf(out, "  %c ", i ? ' ' : '>');
		print_instruction(out, handle, le32toh(word), address);
	}
	close_disassembler(handle);
}

/* --- Text --- */

/* The line at *offset, its end included; moves *offset behind it. */
static struct bytes next_line(struct bytes text, size_t *offset)
{
	const uint8_t *start = text.data + *offset;
	const uint8_t *end = memchr(start, '\n', text.len - *offset);
	size_t len = end ? (size_t)(end - start) + 1 : text.len - *offset;

	*offset += len;
	return (struct bytes){.data = start, .len = len};
}

static void print_line(FILE *out, char mark, struct bytes line)
{
	bool whole = line.len && line.data[line.len - 1] == '\n';

	fprintf(out, "  %c ", mark);
	for (size_t i = 0; i < line.len - whole; i++) {
		if (isprint(line.data[i]) || line.data[i] == '\t')
			fputc(line.data[i], out);
		else
			fprintf(out, "\\x%02x", line.data[i]);
	}
	fputs(whole ? "\n" : "  (no newline)\n", out);
}

static void print_lines(FILE *out, char mark, struct bytes text)
{
	for (size_t offset = 0; offset < text.len;)
		print_line(out, mark, next_line(text, &offset));
}

/* How much of both texts, in whole lines, is the same from the start. */
static size_t common_start(struct bytes a, struct bytes b)
{
	size_t same = 0;

	for (;;) {
		size_t a_end = same, b_end = same;
		struct bytes a_line, b_line;

		if (same == a.len || same == b.len)
			return same;
		a_line = next_line(a, &a_end);
		b_line = next_line(b, &b_end);
		if (a_line.len != b_line.len || memcmp(a_line.data, b_line.data, a_line.len))
			return same;
		same = a_end;
	}
}

/* Whether the last `len` bytes begin with a line; so does what begins at `start`. */
static bool begins_line(struct bytes text, size_t start, size_t len)
{
	return text.len - len == start || text.data[text.len - len - 1] == '\n';
}

/* The same from the end, not reaching into the `start` that is common. */
static size_t common_end(struct bytes a, struct bytes b, size_t start)
{
	size_t max = (a.len < b.len ? a.len : b.len) - start;
	size_t whole = 0;

	for (size_t len = 1; len <= max && a.data[a.len - len] == b.data[b.len - len]; len++) {
		if (begins_line(a, start, len) && begins_line(b, start, len))
			whole = len;
	}
	return whole;
}

static struct bytes cut(struct bytes text, size_t start, size_t end)
{
	return (struct bytes){.data = text.data + start, .len = end - start};
}

void explain_diff(FILE *out, struct bytes expected, struct bytes actual)
{
	size_t start = common_start(expected, actual);
	size_t end = common_end(expected, actual, start);

	print_lines(out, ' ', cut(expected, 0, start));
	print_lines(out, '-', cut(expected, start, expected.len - end));
	print_lines(out, '+', cut(actual, start, actual.len - end));
	print_lines(out, ' ', cut(expected, expected.len - end, expected.len));
}

/* --- Exceptions --- */

/* Arm DDI 0487, D19.2.37, ESR_EL1.EC, as far as EL1 can take them. */
const char *explain_class(unsigned class)
{
	switch (class) {
	case 0x00: return "unknown reason (undefined instruction)";
	case 0x01: return "trapped WFI or WFE";
	case 0x07: return "trapped FP or SIMD access";
	case 0x0e: return "illegal execution state";
	case 0x15: return "SVC";
	case 0x16: return "HVC";
	case 0x18: return "trapped MSR, MRS or system instruction";
	case 0x20: return "instruction abort from EL0";
	case 0x21: return "instruction abort from EL1";
	case 0x22: return "PC alignment fault";
	case 0x24: return "data abort from EL0";
	case 0x25: return "data abort from EL1";
	case 0x26: return "SP alignment fault";
	case 0x2c: return "trapped floating-point exception";
	case 0x2f: return "SError";
	case 0x30: return "breakpoint from EL0";
	case 0x31: return "breakpoint from EL1";
	case 0x32: return "software step from EL0";
	case 0x33: return "software step from EL1";
	case 0x34: return "watchpoint from EL0";
	case 0x35: return "watchpoint from EL1";
	case 0x3c: return "BRK";
	default: return "unknown class";
	}
}

/* Arm DDI 0487, D1.3.1.5, the vector table. */
const char *explain_vector(unsigned offset)
{
	static const char *const names[16] = {
		"synchronous, EL1 with SP_EL0",
		"IRQ, EL1 with SP_EL0",
		"FIQ, EL1 with SP_EL0",
		"SError, EL1 with SP_EL0",
		"synchronous, EL1",
		"IRQ, EL1",
		"FIQ, EL1",
		"SError, EL1",
		"synchronous, from EL0",
		"IRQ, from EL0",
		"FIQ, from EL0",
		"SError, from EL0",
		"synchronous, from AArch32 EL0",
		"IRQ, from AArch32 EL0",
		"FIQ, from AArch32 EL0",
		"SError, from AArch32 EL0",
	};

	return names[offset / 0x80 % 16];
}
