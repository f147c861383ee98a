/*
 * Architecture features by the words that a guest test's `needs` uses.
 */
#ifndef GOD_HARNESS_FEATURE_H
#define GOD_HARNESS_FEATURE_H

#include <stdbool.h>

#include "core/error.h"

struct vcpu;

/* Whether the vCPU's ID registers say so. -1: unknown word, or a register that cannot be read. */
int feature_present(struct vcpu *vcpu, const char *word, bool *present, struct error *err);

#endif
