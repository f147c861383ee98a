/*
 * One virtio console for all: its first port is the console on standard input and output, if that is asked
 * for (--console virtio), the others are the named ones (--port).
 */
#include <ctype.h>
#include <string.h>

#include "core/vm.h"
#include "devices/board.h"
#include "devices/virtio/virtio.h"
#include "harness/attach.h"
#include "harness/port.h"

/* It is the name of a file in the guest, and a line in one of its sysfs. */
static bool is_name(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!isgraph((unsigned char)*p) || *p == '/')
			return false;
	return *name && strcmp(name, ".") && strcmp(name, "..");
}

static bool is_taken(const struct attach_config *config, const char *name)
{
	for (unsigned i = 0; i < config->port_count; i++)
		if (!strcmp(config->ports[i].name, name))
			return true;
	return false;
}

int attach_parse_port(struct attach_config *config, const char *value, struct error *err)
{
	const size_t len = strcspn(value, "=");
	const char *path = value + len + (value[len] == '=');
	struct attach_port port = {0};

	if (config->port_count == ATTACH_PORTS_MAX)
		return error_set(err, ERROR_USAGE, "--port: more than %d ports", ATTACH_PORTS_MAX);
	if (!len || len >= sizeof(port.name) || !*path || strlen(path) >= sizeof(port.path))
		return error_set(err, ERROR_USAGE,
				 "--port %s: NAME=PATH, with a name of 1 to %d bytes", value,
				 VIRTIO_CONSOLE_NAME_MAX);
	memcpy(port.name, value, len);
	strcpy(port.path, path);
	if (!is_name(port.name) || is_taken(config, port.name))
		return error_set(err, ERROR_USAGE, "--port %s: %s", value,
				 is_name(port.name) ? "the name is taken" : "no name for a file");
	config->ports[config->port_count++] = port;
	return 0;
}

static int create_ports(const struct attach_config *config, struct vm *vm,
			struct attached *attached, struct error *err)
{
	for (; attached->port_count < config->port_count; attached->port_count++) {
		const struct attach_port *from = &config->ports[attached->port_count];

		if (port_create(&attached->ports[attached->port_count], vm, from->name, from->path,
				err))
			return -1;
	}
	return 0;
}

int attach_console(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err)
{
	struct virtio_console_port ports[VIRTIO_CONSOLE_PORTS_MAX] = {{.backend = serial}};
	const unsigned first = config->console;
	struct virtio_console *console;
	struct virtio_slot slot;
	int failed = 0;

	if (!config->console && !config->port_count)
		return 0;
	if (board_take_slot(board, &slot, err) || create_ports(config, vm, attached, err))
		return -1;
	for (unsigned i = 0; i < config->port_count; i++)
		ports[first + i] = (struct virtio_console_port){
			.name = config->ports[i].name,
			.backend = port_backend(attached->ports[i]),
		};
	console = virtio_console_create(vm, &slot, ports, first + config->port_count, err);
	if (!console)
		return -1;
	if (config->console)
		attached->console = console;
	for (unsigned i = 0; !failed && i < config->port_count; i++)
		failed = port_connect(attached->ports[i], console, first + i, err);
	return failed;
}

void attach_end(struct attached *attached)
{
	for (unsigned i = 0; i < attached->port_count; i++)
		port_destroy(attached->ports[i]);
	attached->port_count = 0;
}
