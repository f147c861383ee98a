/* See events.h. */
#include "devices/virtio/tests/events.h"

#include <criterion/criterion.h>
#include <unistd.h>

#include "core/engine.h"
#include "devices/virtio/tests/driver.h"

#define EVENTS_MAX 16

struct event {
	uint64_t addr;
	uint32_t value;
	int fd;
};

static struct {
	struct engine engine;
	struct event events[EVENTS_MAX];
	unsigned count;
	bool refuse;
} host;

static struct event *find(uint64_t addr, uint32_t value)
{
	for (unsigned i = 0; i < host.count; i++)
		if (host.events[i].addr == addr && host.events[i].value == value)
			return &host.events[i];
	return NULL;
}

static int add(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd,
	       struct error *err)
{
	(void)vm;
	if (host.refuse)
		return error_set(err, ERROR_UNAVAILABLE, "no");
	cr_assert_eq(size, 4);
	cr_assert_null(find(addr, value));
	cr_assert_lt(host.count, EVENTS_MAX);
	host.events[host.count++] = (struct event){addr, value, eventfd};
	return 0;
}

static void take_back(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd)
{
	struct event *event = find(addr, value);

	(void)vm;
	cr_assert_eq(size, 4);
	cr_assert_not_null(event);
	cr_assert_eq(event->fd, eventfd);
	*event = host.events[--host.count];
}

void events_attach(struct driver *driver, bool refuse)
{
	host.refuse = refuse;
	host.engine = *driver->vm->engine;
	host.engine.ioevent_add = add;
	host.engine.ioevent_remove = take_back;
	driver->vm->engine = &host.engine;
}

unsigned events_count(void)
{
	return host.count;
}

bool events_has(uint64_t offset, uint32_t value)
{
	return find(DRIVER_BASE + offset, value);
}

void events_write(uint64_t offset, uint32_t value)
{
	const uint64_t one = 1;
	const struct event *event = find(DRIVER_BASE + offset, value);

	cr_assert_not_null(event);
	cr_assert_eq(write(event->fd, &one, sizeof(one)), sizeof(one));
}
