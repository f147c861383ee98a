/* The system-register table, and the encoding that its keys are. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/sysreg.h"

static struct sysreg_table table;

static void tear_down(void)
{
	sysreg_destroy(&table);
}

TestSuite(sysreg, .fini = tear_down, .timeout = 10);

static const struct sysreg timer_regs[] = {
	{.key = SYSREG(3, 3, 14, 3, 1), .name = "cntv_ctl_el0"},
	{.key = SYSREG(3, 3, 14, 0, 2), .name = "cntvct_el0"},
};
static const struct sysreg gic_regs[] = {
	{.key = SYSREG(3, 0, 12, 12, 0), .name = "icc_iar1_el1"},
	{.key = SYSREG(3, 0, 4, 6, 0), .name = "icc_pmr_el1"},
	{.key = SYSREG(2, 0, 0, 0, 0), .name = "lowest"},
};

Test(sysreg, key_is_bits_20_to_5_of_the_instruction)
{
	const uint32_t mrs_x0_cntvct_el0 = 0xd53be040; /* as assembled by binutils */

	cr_assert_eq(SYSREG(3, 3, 14, 0, 2), (uint16_t)(mrs_x0_cntvct_el0 >> 5));
}

Test(sysreg, finds_by_key_and_name_with_the_owner)
{
	int timer, gic;

	cr_assert_eq(sysreg_add(&table, timer_regs, 2, &timer, NULL), 0);
	cr_assert_eq(sysreg_add(&table, gic_regs, 3, &gic, NULL), 0);
	cr_assert_eq(table.count, 5);
	for (unsigned i = 0; i < 2; i++) {
		const struct sysreg *found = sysreg_find(&table, timer_regs[i].key);

		cr_assert_not_null(found);
		cr_assert_str_eq(found->name, timer_regs[i].name);
		cr_assert_eq(found->owner, &timer);
		cr_assert_eq(sysreg_find_name(&table, timer_regs[i].name), found);
	}
	for (unsigned i = 0; i < 3; i++)
		cr_assert_eq(sysreg_find(&table, gic_regs[i].key)->owner, &gic);
}

Test(sysreg, nobody_owns_what_was_not_added)
{
	cr_assert_null(sysreg_find(&table, 0));
	cr_assert_null(sysreg_find_name(&table, "lowest"));
	cr_assert_eq(sysreg_add(&table, gic_regs, 3, NULL, NULL), 0);
	cr_assert_null(sysreg_find(&table, 0));
	cr_assert_null(sysreg_find(&table, UINT16_MAX));
	cr_assert_null(sysreg_find(&table, SYSREG(3, 0, 4, 6, 1)));
	cr_assert_null(sysreg_find_name(&table, "icc_pmr"));
}

Test(sysreg, key_that_is_taken_is_refused_with_all_that_comes_along)
{
	static const struct sysreg again[] = {
		{.key = SYSREG(3, 0, 0, 0, 0), .name = "fine"},
		{.key = SYSREG(3, 3, 14, 0, 2), .name = "taken"},
	};
	struct error err = {0};

	cr_assert_eq(sysreg_add(&table, timer_regs, 2, NULL, NULL), 0);
	cr_assert_eq(sysreg_add(&table, again, 2, NULL, &err), -1);
	cr_assert_eq(err.kind, ERROR_INTERNAL);
	cr_assert_eq(table.count, 2);
	cr_assert_null(sysreg_find(&table, again[0].key));
	cr_assert_str_eq(sysreg_find(&table, again[1].key)->name, "cntvct_el0");
}

Test(sysreg, thousand_registers_are_all_found)
{
	for (unsigned i = 0; i < 1000; i++) {
		const struct sysreg reg = {.key = (uint16_t)(i * 40503), .name = "reg"};

		cr_assert_eq(sysreg_add(&table, &reg, 1, NULL, NULL), 0);
	}
	for (unsigned i = 0; i < 1000; i++)
		cr_assert_eq(sysreg_find(&table, (uint16_t)(i * 40503))->key,
			     (uint16_t)(i * 40503));
	cr_assert_null(sysreg_find(&table, (uint16_t)(1000 * 40503)));
}
