#!/usr/bin/python3
"""Make the A64 decoder from the table a64.decode.

The table's format is described at its top. The decoder is a tree of switches: at each node, the
bits that are fixed in all candidate lines and tell most of them apart. A leaf tests the lines that
are left, special cases first.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field

SLOTS = ("rd", "rn", "rm", "ra")
VALUES = ("imm", "imm2")
FLAGS = {"direct": "A64_OP_DIRECT", "sysreg": "A64_OP_SYSREG"}


class TableError(Exception):
    """A line of the table is wrong."""


@dataclass
class Line:
    """One instruction."""

    number: int
    name: str
    feature: str
    mask: int = 0
    value: int = 0
    fields: dict = field(default_factory=dict)  # name -> (lsb, width)
    assign: dict = field(default_factory=dict)  # slot or value -> C expression
    conditions: list = field(default_factory=list)
    flags: list = field(default_factory=list)

    def overlaps(self, other):
        """Is there a word that both match?"""
        both = self.mask & other.mask
        return (self.value & both) == (other.value & both)

    def specialises(self, other):
        """Are all words of self words of other, and not the reverse?"""
        return self.mask & other.mask == other.mask and self.mask != other.mask


def parse_pattern(line, text):
    """Fill mask, value and fields from the pattern column."""
    bit = 32
    for token in text.split():
        match = re.fullmatch(r"([A-Za-z]\w*):(\d+)", token)
        if match:
            width = int(match.group(2))
            bit -= width
            if match.group(1) in line.fields:
                raise TableError(f"field {match.group(1)} stands twice")
            line.fields[match.group(1)] = (bit, width)
            continue
        if not re.fullmatch(r"[01x]+", token):
            raise TableError(f"'{token}' is neither bits nor a field")
        for char in token:
            bit -= 1
            if char != "x":
                line.mask |= 1 << bit
                line.value |= int(char) << bit
    if bit != 0:
        raise TableError(f"the pattern has {32 - bit} bits")


def parse_operands(line, text):
    """Fill assign, conditions and flags from the operand column."""
    for token in text.split():
        if token in FLAGS:
            line.flags.append(FLAGS[token])
        elif token.startswith("if(") and token.endswith(")"):
            line.conditions.append(token[2:])
        else:
            slot, equals, expression = token.partition("=")
            if not equals or slot not in SLOTS + VALUES:
                raise TableError(f"operand '{token}' is not understood")
            if slot in line.assign:
                raise TableError(f"operand {slot} is set twice")
            line.assign[slot] = expression


def parse_table(path):
    """Read the table into a list of lines."""
    lines = []
    names = {}
    with open(path, encoding="utf-8") as table:
        for number, raw in enumerate(table, 1):
            text = raw.split("#", 1)[0].strip()
            if not text:
                continue
            columns = [column.strip() for column in text.split(";")]
            try:
                if len(columns) != 4:
                    raise TableError("a line has four columns")
                line = Line(number, columns[0], columns[3])
                parse_pattern(line, columns[1])
                parse_operands(line, columns[2])
                if line.name in names:
                    raise TableError(f"{line.name} stands in line {names[line.name]} too")
            except TableError as error:
                sys.exit(f"{path}:{number}: {error}")
            names[line.name] = number
            lines.append(line)
    check_overlaps(path, lines)
    return lines


def check_overlaps(path, lines):
    """Two lines may share words only when one is the special case of the other."""
    for index, line in enumerate(lines):
        for other in lines[:index]:
            if not line.overlaps(other):
                continue
            if line.specialises(other) or other.specialises(line):
                continue
            if line.conditions and other.conditions:
                continue  # told apart by their conditions
            sys.exit(
                f"{path}:{line.number}: {line.name} and {other.name} (line {other.number}) "
                "match the same words and neither is the special case"
            )


def field_names(expression):
    """The identifiers that an expression uses."""
    return set(re.findall(r"[A-Za-z_]\w*", expression))


def emit_fill(line):
    """A function that stores one line's operands: false when a condition does not hold.

    One small function a line: compilers take much longer over one large function.
    """
    used = set()
    for expression in list(line.assign.values()) + line.conditions:
        used |= field_names(expression)
    out = ["", "static __attribute__((noinline)) bool "
           f"fill_{line.name}(uint32_t word, struct a64_insn *insn)", "{"]
    for name, (lsb, width) in line.fields.items():
        if name in used:
            mask = (1 << width) - 1
            out.append(f"\tuint32_t {name} = word >> {lsb} & 0x{mask:x};")
    out += ["\t(void) word;", "\t(void) insn;"]
    if line.conditions:
        out += [f"\tif (!({' && '.join(line.conditions)}))", "\t\treturn false;"]
    for slot, expression in line.assign.items():
        cast = {"imm": "int64_t", "imm2": "uint64_t"}.get(slot, "uint8_t")
        out.append(f"\tinsn->{slot} = ({cast}) ({expression});")
    return out + ["\treturn true;", "}"]


def emit_line(line, indent):
    """The test of one line."""
    tabs = "\t" * indent
    return [f"{tabs}if ((word & 0x{line.mask:08x}) == 0x{line.value:08x} && "
            f"(features >> A64_FEATURE_{line.feature} & 1) && fill_{line.name}(word, insn))",
            f"{tabs}\treturn A64_OP_{line.name}; /* line {line.number} */"]


def emit_leaf(lines, indent):
    """All candidates one after another, special cases before general ones."""
    out = []
    for line in sorted(lines, key=lambda item: (-bin(item.mask).count("1"), item.number)):
        out += emit_line(line, indent)
    return out


def split_bits(lines, used):
    """Up to 4 adjacent bits fixed in all lines that split them best, or None."""
    common = 0xFFFFFFFF & ~used
    for line in lines:
        common &= line.mask
    best, best_score = None, 0
    for width in (4, 3, 2, 1):
        for lsb in range(0, 33 - width):
            mask = ((1 << width) - 1) << lsb
            if common & mask != mask:
                continue
            values = {}
            for line in lines:
                values[line.value & mask] = values.get(line.value & mask, 0) + 1
            score = len(lines) - max(values.values())
            if score > best_score:
                best, best_score = (lsb, width), score
    return best


def emit_tree(lines, used, indent):
    """A switch on the best bits, or a leaf."""
    bits = split_bits(lines, used) if len(lines) > 2 else None
    if bits is None:
        return emit_leaf(lines, indent)
    lsb, width = bits
    tabs = "\t" * indent
    mask = ((1 << width) - 1) << lsb
    out = [f"{tabs}switch (word >> {lsb} & 0x{(1 << width) - 1:x}) {{"]
    for value in range(1 << width):
        inside = [line for line in lines if (line.value & mask) >> lsb == value]
        if not inside:
            continue
        out.append(f"{tabs}case 0x{value:x}:")
        out += emit_tree(inside, used | mask, indent + 1)
        out.append(f"{tabs}\tbreak;")
    out.append(f"{tabs}}}")
    return out


def emit_header(lines):
    """enum a64_op and the declarations of the semantics."""
    out = ["/* Made by gen_decode.py from a64.decode. */", "#ifndef GOD_A64_TABLE_H",
           "#define GOD_A64_TABLE_H", "", "struct a64_cpu;", "struct a64_insn;", "",
           "enum a64_op {"]
    out += [f"\tA64_OP_{line.name}," for line in lines]
    out += ["\tA64_OP_UNDEFINED,", "\tA64_OPS,", "};", ""]
    for name in [line.name for line in lines] + ["UNDEFINED"]:
        out.append(f"const struct a64_insn *a64_exec_{name}(struct a64_cpu *, "
                   "const struct a64_insn *);")
    out += ["", "#endif"]
    return out


def emit_source(lines):
    """The table of ops and the decoder."""
    out = ["/* Made by gen_decode.py from a64.decode. */", '#include "core/a64/decode.h"',
           '#include "core/a64/decode_help.h"', "", "const struct a64_op_info a64_ops[] = {"]
    for line in lines:
        flags = " | ".join(line.flags) or "0"
        out.append(f'\t{{"{line.name}", 0x{line.mask:08x}, 0x{line.value:08x}, '
                   f"a64_exec_{line.name}, A64_FEATURE_{line.feature}, {flags}}},")
    out += ['\t{"UNDEFINED", 0, 0, a64_exec_UNDEFINED, A64_FEATURE_BASE, 0},', "};"]
    for line in lines:
        out += emit_fill(line)
    out += ["", "static enum a64_op find(uint32_t word, a64_features features, "
            "struct a64_insn *insn)", "{"]
    out += emit_tree(lines, 0, 1)
    out += ["\treturn A64_OP_UNDEFINED;", "}", "",
            "enum a64_op a64_decode(uint32_t word, a64_features features, struct a64_insn *insn)",
            "{", "\tenum a64_op op;", "", "\t*insn = (struct a64_insn) {.word = word};",
            "\top = find(word, features, insn);", "\tinsn->exec = a64_ops[op].exec;",
            "\treturn op;", "}"]
    return out


def main():
    """Read the table, write header and source."""
    parser = argparse.ArgumentParser(description="Make the A64 decoder from its table.")
    parser.add_argument("table")
    parser.add_argument("--header", required=True)
    parser.add_argument("--source", required=True)
    options = parser.parse_args()
    lines = parse_table(options.table)
    for path, text in ((options.header, emit_header(lines)), (options.source, emit_source(lines))):
        with open(path, "w", encoding="utf-8") as output:
            output.write("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
