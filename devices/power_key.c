/*
 * The power key. Linux' gpio-keys looks at the line some milliseconds after its edge, so that
 * bouncing contacts do not count: the key has to stay down for a while. A timer lets it go.
 */
#include "devices/power_key.h"

#include <libfdt.h>
#include <stdlib.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/pl061.h"

#define PRESSED_TICKS (CLOCK_FREQUENCY / 10)

/* Linux: include/uapi/linux/input-event-codes.h, include/dt-bindings/gpio/gpio.h */
#define KEY_POWER	 116
#define GPIO_ACTIVE_HIGH 0

struct power_key {
	struct device device;
	struct pl061 *gpio;
	struct clock_timer release;
};

static void power_key_release(void *owner)
{
	struct power_key *key = owner;

	pl061_set_input(key->gpio, POWER_KEY_LINE, false);
}

bool power_key_press(struct power_key *key)
{
	struct clock *clock = &key->device.vm->clock;

	if (!pl061_is_watched(key->gpio, POWER_KEY_LINE))
		return false;
	pl061_set_input(key->gpio, POWER_KEY_LINE, true);
	clock_timer_arm(clock, &key->release, clock_counter(clock) + PRESSED_TICKS);
	return true;
}

static void power_key_reset(struct device *device)
{
	struct power_key *key = (struct power_key *)device;

	clock_timer_disarm(&device->vm->clock, &key->release);
	pl061_forget_input(key->gpio, POWER_KEY_LINE);
}

/* Linux: Documentation/devicetree/bindings/input/gpio-keys.yaml */
static int power_key_describe(struct device *device, void *fdt)
{
	static const uint32_t gpios[] = {PHANDLE_GPIO, POWER_KEY_LINE, GPIO_ACTIVE_HIGH};
	int rc;

	(void)device;
	if ((rc = fdt_begin_node(fdt, "gpio-keys")) ||
	    (rc = devicetree_string(fdt, "compatible", "gpio-keys")) ||
	    (rc = fdt_begin_node(fdt, "poweroff")) ||
	    (rc = devicetree_string(fdt, "label", "GPIO Key Poweroff")) ||
	    (rc = devicetree_u32(fdt, "linux,code", KEY_POWER)) ||
	    (rc = devicetree_cells(fdt, "gpios", gpios, 3)) || (rc = devicetree_end(fdt)))
		return rc;
	return devicetree_end(fdt);
}

static void power_key_destroy(struct device *device)
{
	struct power_key *key = (struct power_key *)device;

	clock_timer_remove(&device->vm->clock, &key->release);
	free(key);
}

static const struct device_ops power_key_ops = {
	.name = "power-key",
	.reset = power_key_reset,
	.describe = power_key_describe,
	.destroy = power_key_destroy,
};

struct power_key *power_key_create(struct vm *vm, struct pl061 *gpio, struct error *err)
{
	struct power_key *key = calloc(1, sizeof(*key));

	if (!key) {
		error_set(err, ERROR_NO_MEMORY, "no memory for the power key");
		return NULL;
	}
	key->device = (struct device){.ops = &power_key_ops, .vm = vm};
	key->gpio = gpio;
	clock_timer_init(&key->release, power_key_release, key);
	vm_add_device(vm, &key->device);
	return key;
}
