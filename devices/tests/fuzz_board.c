/*
 * Fuzz target: all devices of the board with a GICv3, which they interrupt.
 */
#include "devices/board.h"

#include "devices/its.h"
#include "devices/pl011.h"
#include "devices/tests/fuzz.h"

static struct board board;

static int create(struct vm *vm, struct error *err)
{
	return board_create(vm, &board, NULL, err);
}

static void outside(struct vm *vm, uint64_t what)
{
	const uint8_t byte = (uint8_t)(what >> 8);

	(void)vm;
	switch (what & 3) {
	case 0: board_press_power_key(&board); break;
	case 1: pl011_receive_break(board.console); break;
	case 2: pl011_receive(board.console, &byte, 1); break;
	case 3: its_send(board.its, byte, what >> 16 & 0xffff); break;
	}
}

const struct fuzz_target fuzz_target = {
	.cpus = 2,
	.create = create,
	.outside = outside,
};
