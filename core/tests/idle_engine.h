/*
 * An engine that executes nothing, for machines whose guest is a test or a fuzzer.
 */
#ifndef GOD_CORE_TESTS_IDLE_ENGINE_H
#define GOD_CORE_TESTS_IDLE_ENGINE_H

#include "core/engine.h"

extern const struct engine idle_engine;

#endif
