/* Fuzz target of the console, of two ports: what the guest sends comes back to it. */
#include "devices/serial.h"
#include "devices/virtio/console.h"
#include "devices/virtio/tests/fuzz_device.h"

static struct serial_port input[2];
static struct deferred echo[2];

/* Not within transmit(), as serial.h says. */
static void run_echo(void *owner)
{
	const struct serial_port *port = owner;
	static const uint8_t bytes[] = "What comes back does not matter much.";

	port->receive(port->owner, bytes, sizeof(bytes));
}

static void transmit(void *owner, const uint8_t *bytes, size_t len)
{
	volatile uint8_t sink;

	for (size_t i = 0; i < len; i += 64)
		sink = bytes[i];
	(void)sink;
	vm_defer(((struct virtio *)owner)->device.vm, &echo[len & 1]);
}

static struct serial_backend backend = {.transmit = transmit};

static int create(struct vm *vm, const struct virtio_slot *slot)
{
	const struct virtio_console_port ports[] = {{.backend = &backend},
						    {.name = "port", .backend = &backend}};
	struct virtio_console *console = virtio_console_create(vm, slot, ports, 2, NULL);

	if (!console)
		return -1;
	backend.owner = console;
	for (unsigned i = 0; i < 2; i++) {
		input[i] = virtio_console_serial(console, i);
		echo[i] = (struct deferred){.run = run_echo, .owner = &input[i]};
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(create, data, size);
}
