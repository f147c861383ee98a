/*
 * `god lockstep`: a guest of the user's on two engines.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "harness/lockstep.h"
#include "harness/lockstep_compare.h"
#include "harness/status.h"

static int print_help(void)
{
	puts("Usage: god lockstep --kernel FILE [--initramfs FILE] [--append ARGS] [OPTION]...\n"
	     "       god lockstep --binary FILE [OPTION]...\n"
	     "\n"
	     "Run a guest on two engines side by side in virtual time, compare all of their "
	     "state,\n"
	     "and find the first instruction at which they differ.\n");
	lockstep_print_options(stdout);
	puts("\nA tick is an instruction, or an exception taken.\n"
	     "\n"
	     "Exit status: 0 when both were the same up to the end, 1 when they differ, 124 on\n"
	     "--timeout, 64 to 78 for other errors.");
	return EX_OK;
}

/* A word as a shell takes it. */
static void print_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=+,./:@%";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*word);
	}
	putchar('\'');
}

/* The command that comes to the difference at once. */
static void print_command(char *const argv[], uint64_t different)
{
	fputs("again:", stdout);
	for (; *argv; argv++) {
		putchar(' ');
		print_word(*argv);
	}
	printf(" --until %" PRIu64 "\n", different);
}

static int print_outcome(const struct lockstep_config *config,
			 const struct lockstep_outcome *outcome, char *const argv[])
{
	char end[ERROR_TEXT_MAX];

	switch (outcome->verdict) {
	case LOCKSTEP_DIFFERENT: print_command(argv, outcome->different); return STATUS_FAILED;
	case LOCKSTEP_TIMEOUT: return STATUS_TIMEOUT;
	case LOCKSTEP_SAME: break;
	}
	lockstep_describe_end(&outcome->end, end, sizeof(end));
	printf("%s and %s are the same up to tick %" PRIu64 " (%s), compared %" PRIu64 " times\n",
	       config->engines[0]->name, config->engines[1]->name, outcome->ticks, end,
	       outcome->looks + 1);
	if (outcome->end.end == VM_END_ERROR)
		return status_report(&outcome->end.error);
	return EX_OK;
}

static int run(struct lockstep_command *command, char *const argv[], struct error *err)
{
	struct lockstep_outcome outcome = {0};
	struct text input = {0};
	int status;

	if (command->input && test_file_read(&input, command->input, err))
		return status_report(err);
	command->config.input = (struct bytes){input.data, input.len};
	status = lockstep_run(&command->config, &outcome, stdout, err)
			 ? status_report(err)
			 : print_outcome(&command->config, &outcome, argv);
	free(input.data);
	return status;
}

int lockstep_main(char *const argv[])
{
	struct lockstep_command command;
	struct error err = {0};

	if (lockstep_parse(&command, argv + 2, &err))
		return status_report(&err);
	return command.help ? print_help() : run(&command, argv, &err);
}
