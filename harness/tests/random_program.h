/*
 * Random programs for the CPU: bare-metal images of valid instructions, with loops, calls, jumps to
 * other pages, good and bad memory accesses and exceptions that are returned from. They do not end.
 */
#ifndef GOD_HARNESS_TESTS_RANDOM_PROGRAM_H
#define GOD_HARNESS_TESTS_RANDOM_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#define RANDOM_IMAGE_SIZE  0x20000u /* bytes */
#define RANDOM_RAM	   (4u << 20)
#define RANDOM_CODE_OFFSET 0x8000u

struct random_program {
	uint64_t state;			  /* of the generator of numbers */
	bool user;			  /* at EL0 */
	bool upper;			  /* in the upper half of the address space; EL1 alone */
	unsigned vector;		  /* out of 100 instructions, so many of FP and AdvSIMD */
	unsigned first;			  /* the first word of the program in the code pages */
	unsigned length;		  /* in words */
	uint8_t image[RANDOM_IMAGE_SIZE]; /* to be loaded at 0x40080000 and entered there */
};

/* The program of that seed: the same one each time. */
void random_program_make(struct random_program *program, uint64_t seed);

/* The next random number, for what else a test wants. */
uint64_t random_program_number(struct random_program *program);

#endif
