/*
 * DWARF line tables, versions 2 to 4 (DWARF 4, 6.2), which is what the Makefile asks the assembler
 * for. A table is a program for a small machine that makes rows of (address, file, line), ascending
 * within a sequence. The row wanted is the last one that is not above the address.
 *
 * A reader has a cursor that never leaves its bytes: at their end it reads zeroes and `bad` is set.
 */
#include "harness/source_line.h"

#include <stdio.h>
#include <string.h>

/* DWARF 4, 7.21. */
#define LNS_COPY	     1
#define LNS_ADVANCE_PC	     2
#define LNS_ADVANCE_LINE     3
#define LNS_SET_FILE	     4
#define LNS_CONST_ADD_PC     8
#define LNS_FIXED_ADVANCE_PC 9
#define LNE_END_SEQUENCE     1
#define LNE_SET_ADDRESS	     2

struct cursor {
	const uint8_t *at, *end;
	bool bad;
};

/* The header of one unit's table, DWARF 4, 6.2.4. */
struct unit {
	unsigned version;
	uint8_t min_length, line_range, opcode_base;
	int8_t line_base;
	uint8_t lengths[256]; /* number of operands of each standard opcode */
	struct cursor directories, files, program;
};

/* The line-number machine's registers, DWARF 4, 6.2.2. */
struct row {
	uint64_t address;
	uint64_t file;
	uint64_t line; /* wraps: a line table may say anything */
};

static uint64_t take(struct cursor *cursor, unsigned size)
{
	uint64_t value = 0;

	if ((size_t)(cursor->end - cursor->at) < size) {
		cursor->bad = true;
		cursor->at = cursor->end;
		return 0;
	}
	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)cursor->at[i] << 8 * i;
	cursor->at += size;
	return value;
}

/* The next `len` bytes as a cursor of their own. */
static struct cursor take_part(struct cursor *cursor, uint64_t len)
{
	struct cursor part = {.at = cursor->at};

	if (len > (size_t)(cursor->end - cursor->at)) {
		cursor->bad = true;
		len = 0;
	}
	cursor->at += len;
	part.end = cursor->at;
	part.bad = cursor->bad;
	return part;
}

/* Unsigned and signed LEB128, DWARF 4, 7.6. */
static uint64_t take_leb(struct cursor *cursor, bool is_signed)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		byte = (uint8_t)take(cursor, 1);
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (is_signed && shift < 64 && (byte & 0x40))
		value |= UINT64_MAX << shift;
	return value;
}

static const char *take_string(struct cursor *cursor)
{
	size_t left = (size_t)(cursor->end - cursor->at);
	const char *text = (const char *)cursor->at;
	size_t len = strnlen(text, left);

	if (len == left) {
		cursor->bad = true;
		cursor->at = cursor->end;
		return "";
	}
	cursor->at += len + 1;
	return text;
}

static bool parse_unit(struct cursor *section, struct unit *unit)
{
	struct cursor body = take_part(section, take(section, 4));
	struct cursor tables;

	*unit = (struct unit){0};
	unit->version = (unsigned)take(&body, 2);
	tables = take_part(&body, take(&body, 4));
	unit->program = body;
	unit->min_length = (uint8_t)take(&tables, 1);
	if (unit->version >= 4)
		take(&tables, 1); /* operations in an instruction: VLIW */
	take(&tables, 1);	  /* default_is_stmt */
	unit->line_base = (int8_t)take(&tables, 1);
	unit->line_range = (uint8_t)take(&tables, 1);
	unit->opcode_base = (uint8_t)take(&tables, 1);
	for (unsigned i = 1; i < unit->opcode_base; i++)
		unit->lengths[i] = (uint8_t)take(&tables, 1);
	unit->directories = tables;
	while (*take_string(&tables))
		;
	unit->files = tables;
	return !tables.bad && !body.bad && unit->line_range && unit->opcode_base &&
	       unit->version >= 2 && unit->version <= 4;
}

/* The name of a file by its number, which counts from 1, with its directory. */
static bool name_file(const struct unit *unit, uint64_t number, char *name, size_t size)
{
	struct cursor files = unit->files;
	struct cursor directories = unit->directories;
	const char *directory = "";
	const char *file = "";
	uint64_t directory_number = 0;

	for (uint64_t i = 0; i < number && !files.bad; i++) {
		file = take_string(&files);
		if (!*file)
			return false;
		directory_number = take_leb(&files, false);
		take_leb(&files, false); /* time of last change */
		take_leb(&files, false); /* length */
	}
	for (uint64_t i = 0; i < directory_number && !directories.bad; i++)
		directory = take_string(&directories);
	if (files.bad || directories.bad || !number)
		return false;
	snprintf(name, size, "%s%s%s", directory, *directory ? "/" : "", file);
	return true;
}

/* An extended opcode. True: the sequence ends here. */
static bool run_extended(struct cursor *program, struct row *row)
{
	struct cursor operand = take_part(program, take_leb(program, false));
	uint8_t opcode = (uint8_t)take(&operand, 1);

	if (opcode == LNE_SET_ADDRESS)
		row->address = take(&operand, 8);
	return opcode == LNE_END_SEQUENCE;
}

static void advance(const struct unit *unit, struct row *row, unsigned adjusted)
{
	row->address += (uint64_t)(adjusted / unit->line_range) * unit->min_length;
}

/* A standard opcode. True: it appends a row. */
static bool run_standard(const struct unit *unit, struct cursor *program, struct row *row,
			 uint8_t opcode)
{
	switch (opcode) {
	case LNS_COPY: return true;
	case LNS_ADVANCE_PC: row->address += take_leb(program, false) * unit->min_length; break;
	case LNS_ADVANCE_LINE: row->line += take_leb(program, true); break;
	case LNS_SET_FILE: row->file = take_leb(program, false); break;
	case LNS_CONST_ADD_PC: advance(unit, row, 255u - unit->opcode_base); break;
	case LNS_FIXED_ADVANCE_PC: row->address += take(program, 2); break;
	default:
		for (unsigned i = 0; i < unit->lengths[opcode]; i++)
			take_leb(program, false);
	}
	return false;
}

/* Run the program until a row ends beyond the address: then *found is the one before. */
static bool find_row(struct unit *unit, uint64_t address, struct row *found)
{
	const struct row initial = {.file = 1, .line = 1};
	struct cursor *program = &unit->program;
	struct row row = initial;
	struct row last = initial;
	bool has_last = false;

	while (program->at < program->end && !program->bad) {
		uint8_t opcode = (uint8_t)take(program, 1);
		bool ends = false;
		bool appends;

		if (opcode >= unit->opcode_base) {
			unsigned adjusted = opcode - unit->opcode_base;

			advance(unit, &row, adjusted);
			row.line += (uint64_t)(int64_t)unit->line_base;
			row.line += adjusted % unit->line_range;
			appends = true;
		} else if (opcode) {
			appends = run_standard(unit, program, &row, opcode);
		} else {
			ends = run_extended(program, &row);
			appends = ends;
		}
		if (!appends)
			continue;
		if (has_last && last.address <= address && address < row.address) {
			*found = last;
			return true;
		}
		last = row;
		has_last = !ends;
		if (ends)
			row = initial;
	}
	return false;
}

bool source_line_find(struct bytes elf, uint64_t address, struct source_line *where)
{
	struct bytes bytes = elf_section_find(elf, ".debug_line");
	struct cursor section;

	if (!bytes.data)
		return false;
	section = (struct cursor){.at = bytes.data, .end = bytes.data + bytes.len};
	while (section.at < section.end && !section.bad) {
		struct unit unit;
		struct row row;

		if (!parse_unit(&section, &unit) || !find_row(&unit, address, &row))
			continue;
		where->line = (unsigned)row.line;
		return name_file(&unit, row.file, where->file, sizeof(where->file));
	}
	return false;
}
