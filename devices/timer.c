/*
 * The generic timer (Arm DDI 0487, D11).
 *
 * There is one counter, the VM's clock. CNTPCT_EL0 is the clock, CNTVCT_EL0 is the clock less the
 * virtual offset, which is 0 unless a VM was restored from a saved state. Reading either takes no
 * lock: Linux reads it for every time stamp.
 *
 * A timer is a comparator: its condition is met while counter >= CVAL, both unsigned. TVAL is
 * another view of CVAL: the signed 32-bit distance from now. The output is the level
 *
 *	CTL.ENABLE && !CTL.IMASK && condition
 *
 * It rises by itself when the counter gets there, and falls only when the guest moves CVAL, masks
 * or disables. To see it rise, an alarm is set on the clock while the timer is enabled, unmasked
 * and waiting. The alarm's callback runs on another thread and may come late or for nothing, so it
 * carries no meaning: it works the level out anew, under the vCPU's lock, from the registers.
 * Registers are written by their vCPU's thread alone, which therefore may read them without the
 * lock.
 *
 * The event stream (CNTKCTL_EL1.EVNTEN) wakes a PE from WFE. The software engines treat WFE as a
 * bounded pause, so a guest that counts on the stream to get out of it gets out; its fields are
 * stored and nothing needs waking.
 *
 * CNTFRQ_EL0 is read-only: only the highest exception level may write it, and to the guest there
 * is a hypervisor above. There is no FEAT_ECV: CNTPCTSS_EL0 and CNTVCTSS_EL0 are UNDEFINED.
 */
#include "devices/timer.h"

#include <libfdt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/device.h"
#include "core/sysreg.h"
#include "core/vm.h"
#include "devices/board.h"

/* CNTKCTL_EL1 */
#define CNTKCTL_EL0PCTEN (1u << 0)
#define CNTKCTL_EL0VCTEN (1u << 1)
#define CNTKCTL_EL0VTEN	 (1u << 8)
#define CNTKCTL_EL0PTEN	 (1u << 9)
/* Those, and EVNTEN, EVNTDIR, EVNTI. */
#define CNTKCTL_MASK 0x3ffu

/* CNTP_CTL_EL0, CNTV_CTL_EL0 */
#define CTL_ENABLE  (1u << 0)
#define CTL_IMASK   (1u << 1)
#define CTL_ISTATUS (1u << 2)

/* The timers that INTIDs 29 and 26 are for are of EL3 and EL2: named in the device tree alone. */
#define IRQ_SECURE_TIMER     29
#define IRQ_HYPERVISOR_TIMER 26

enum channel_kind { PHYSICAL, VIRTUAL, CHANNELS };

struct channel_state {
	uint64_t cval;
	uint32_t ctl; /* ENABLE, IMASK */
	uint32_t reserved;
};

struct generic_timer_state {
	uint64_t offset[CHANNELS]; /* counter of a kind = clock - offset: 0, CNTVOFF */
	struct {
		struct channel_state channel[CHANNELS];
		uint64_t cntkctl;
	} cpu[VCPU_MAX];
};

/* The host's side of one timer. */
struct channel {
	struct generic_timer *timer;
	unsigned cpu;
	enum channel_kind kind;
	pthread_mutex_t lock; /* guards the channel's state, its alarm and its line */
	struct clock_timer alarm;
	struct irq_line line;
	bool level; /* of the line: most writes do not change it */
};

struct generic_timer {
	struct device device;
	struct generic_timer_state state;
	struct channel channels[VCPU_MAX][CHANNELS];
};

static uint64_t counter_read(const struct generic_timer *timer, enum channel_kind kind)
{
	return clock_counter(&timer->device.vm->clock) - timer->state.offset[kind];
}

/* The clock's value at which the condition will be met. */
static uint64_t channel_deadline(const struct generic_timer *timer, enum channel_kind kind,
				 uint64_t cval)
{
	uint64_t deadline = cval + timer->state.offset[kind];

	return deadline < cval ? CLOCK_NEVER : deadline;
}

/* Bring line and alarm to what the registers say. Lock held. */
static void channel_update(struct channel *channel)
{
	struct generic_timer *timer = channel->timer;
	struct clock *clock = &timer->device.vm->clock;
	const struct channel_state *state = &timer->state.cpu[channel->cpu].channel[channel->kind];
	bool wanted = (state->ctl & (CTL_ENABLE | CTL_IMASK)) == CTL_ENABLE;
	bool met = counter_read(timer, channel->kind) >= state->cval;

	if (wanted && !met)
		clock_timer_arm(clock, &channel->alarm,
				channel_deadline(timer, channel->kind, state->cval));
	else
		clock_timer_disarm(clock, &channel->alarm);
	if (channel->level != (wanted && met)) {
		channel->level = !channel->level;
		irq_line_set(&channel->line, channel->level);
	}
}

static void channel_expire(void *owner)
{
	struct channel *channel = owner;

	pthread_mutex_lock(&channel->lock);
	channel_update(channel);
	pthread_mutex_unlock(&channel->lock);
}

static void channel_set(struct channel *channel, uint64_t cval, uint32_t ctl)
{
	struct channel_state *state =
		&channel->timer->state.cpu[channel->cpu].channel[channel->kind];

	pthread_mutex_lock(&channel->lock);
	state->cval = cval;
	state->ctl = ctl & (CTL_ENABLE | CTL_IMASK);
	channel_update(channel);
	pthread_mutex_unlock(&channel->lock);
}

/* --- The registers of a timer --- */

static uint64_t ctl_read(struct generic_timer *timer, struct vcpu *vcpu, enum channel_kind kind)
{
	const struct channel_state *state = &timer->state.cpu[vcpu->index].channel[kind];
	bool met = counter_read(timer, kind) >= state->cval;

	/* ISTATUS does not depend on IMASK. */
	return state->ctl | (state->ctl & CTL_ENABLE && met ? CTL_ISTATUS : 0);
}

static void ctl_write(struct generic_timer *timer, struct vcpu *vcpu, enum channel_kind kind,
		      uint64_t value)
{
	const struct channel_state *state = &timer->state.cpu[vcpu->index].channel[kind];

	channel_set(&timer->channels[vcpu->index][kind], state->cval, value);
}

static uint64_t cval_read(struct generic_timer *timer, struct vcpu *vcpu, enum channel_kind kind)
{
	return timer->state.cpu[vcpu->index].channel[kind].cval;
}

static void cval_write(struct generic_timer *timer, struct vcpu *vcpu, enum channel_kind kind,
		       uint64_t value)
{
	const struct channel_state *state = &timer->state.cpu[vcpu->index].channel[kind];

	channel_set(&timer->channels[vcpu->index][kind], value, state->ctl);
}

static uint64_t tval_read(struct generic_timer *timer, struct vcpu *vcpu, enum channel_kind kind)
{
	return (uint32_t)(cval_read(timer, vcpu, kind) - counter_read(timer, kind));
}

static void tval_write(struct generic_timer *timer, struct vcpu *vcpu, enum channel_kind kind,
		       uint64_t value)
{
	uint64_t distance = (int64_t)(int32_t)value;

	cval_write(timer, vcpu, kind, counter_read(timer, kind) + distance);
}

/* An access from EL0 traps unless one of these bits of CNTKCTL_EL1 is set. */
static enum sysreg_access el0_check(const struct generic_timer *timer, const struct vcpu *vcpu,
				    unsigned el, uint64_t enable)
{
	if (el > 0 || timer->state.cpu[vcpu->index].cntkctl & enable)
		return SYSREG_OK;
	return SYSREG_TRAP;
}

/* The system-register table knows a register by its functions: one set for each kind of timer. */
#define CHANNEL_REGISTERS(p, kind, enable)                                                  \
	static uint64_t read_cnt##p##_ctl(void *owner, struct vcpu *vcpu)                   \
	{                                                                                   \
		return ctl_read(owner, vcpu, kind);                                         \
	}                                                                                   \
	static void write_cnt##p##_ctl(void *owner, struct vcpu *vcpu, uint64_t value)      \
	{                                                                                   \
		ctl_write(owner, vcpu, kind, value);                                        \
	}                                                                                   \
	static uint64_t read_cnt##p##_cval(void *owner, struct vcpu *vcpu)                  \
	{                                                                                   \
		return cval_read(owner, vcpu, kind);                                        \
	}                                                                                   \
	static void write_cnt##p##_cval(void *owner, struct vcpu *vcpu, uint64_t value)     \
	{                                                                                   \
		cval_write(owner, vcpu, kind, value);                                       \
	}                                                                                   \
	static uint64_t read_cnt##p##_tval(void *owner, struct vcpu *vcpu)                  \
	{                                                                                   \
		return tval_read(owner, vcpu, kind);                                        \
	}                                                                                   \
	static void write_cnt##p##_tval(void *owner, struct vcpu *vcpu, uint64_t value)     \
	{                                                                                   \
		tval_write(owner, vcpu, kind, value);                                       \
	}                                                                                   \
	static enum sysreg_access check_cnt##p(void *owner, struct vcpu *vcpu, unsigned el, \
					       bool write)                                  \
	{                                                                                   \
		(void)write;                                                                \
		return el0_check(owner, vcpu, el, enable);                                  \
	}                                                                                   \
	static uint64_t read_cnt##p##ct(void *owner, struct vcpu *vcpu)                     \
	{                                                                                   \
		(void)vcpu;                                                                 \
		return counter_read(owner, kind);                                           \
	}

CHANNEL_REGISTERS(p, PHYSICAL, CNTKCTL_EL0PTEN)
CHANNEL_REGISTERS(v, VIRTUAL, CNTKCTL_EL0VTEN)

/* --- The registers that are not a timer's --- */

static enum sysreg_access check_cntpct(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)write;
	return el0_check(owner, vcpu, el, CNTKCTL_EL0PCTEN);
}

static enum sysreg_access check_cntvct(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)write;
	return el0_check(owner, vcpu, el, CNTKCTL_EL0VCTEN);
}

static enum sysreg_access check_cntfrq(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)write;
	return el0_check(owner, vcpu, el, CNTKCTL_EL0PCTEN | CNTKCTL_EL0VCTEN);
}

static uint64_t read_cntfrq(void *owner, struct vcpu *vcpu)
{
	(void)owner;
	(void)vcpu;
	return CLOCK_FREQUENCY;
}

static uint64_t read_cntkctl(void *owner, struct vcpu *vcpu)
{
	const struct generic_timer *timer = owner;

	return timer->state.cpu[vcpu->index].cntkctl;
}

static void write_cntkctl(void *owner, struct vcpu *vcpu, uint64_t value)
{
	struct generic_timer *timer = owner;

	timer->state.cpu[vcpu->index].cntkctl = value & CNTKCTL_MASK;
}

#define CNT(crm, op2) .key = SYSREG(3, 3, 14, crm, op2)

static const struct sysreg timer_regs[] = {
	{.key = SYSREG(3, 0, 14, 1, 0),
	 .min_el = 1,
	 .name = "cntkctl_el1",
	 .read = read_cntkctl,
	 .write = write_cntkctl},
	{CNT(0, 0), .name = "cntfrq_el0", .check = check_cntfrq, .read = read_cntfrq},
	{CNT(0, 1), .name = "cntpct_el0", .check = check_cntpct, .read = read_cntpct},
	{CNT(0, 2), .name = "cntvct_el0", .check = check_cntvct, .read = read_cntvct},
	{CNT(2, 0), .name = "cntp_tval_el0", .check = check_cntp, .read = read_cntp_tval,
	 .write = write_cntp_tval},
	{CNT(2, 1), .name = "cntp_ctl_el0", .check = check_cntp, .read = read_cntp_ctl,
	 .write = write_cntp_ctl},
	{CNT(2, 2), .name = "cntp_cval_el0", .check = check_cntp, .read = read_cntp_cval,
	 .write = write_cntp_cval},
	{CNT(3, 0), .name = "cntv_tval_el0", .check = check_cntv, .read = read_cntv_tval,
	 .write = write_cntv_tval},
	{CNT(3, 1), .name = "cntv_ctl_el0", .check = check_cntv, .read = read_cntv_ctl,
	 .write = write_cntv_ctl},
	{CNT(3, 2), .name = "cntv_cval_el0", .check = check_cntv, .read = read_cntv_cval,
	 .write = write_cntv_cval},
};

/* --- The device --- */

static void timer_reset_cpu(struct device *device, unsigned cpu)
{
	struct generic_timer *timer = (struct generic_timer *)device;

	timer->state.cpu[cpu].cntkctl = 0;
	for (unsigned kind = 0; kind < CHANNELS; kind++)
		channel_set(&timer->channels[cpu][kind], 0, 0);
}

static void timer_reset(struct device *device)
{
	for (unsigned cpu = 0; cpu < device->vm->cpus; cpu++)
		timer_reset_cpu(device, cpu);
}

static int timer_describe(struct device *device, void *fdt)
{
	(void)device;
	return generic_timer_describe_node(fdt);
}

static void timer_destroy(struct device *device)
{
	struct generic_timer *timer = (struct generic_timer *)device;

	for (unsigned cpu = 0; cpu < device->vm->cpus; cpu++) {
		for (unsigned kind = 0; kind < CHANNELS; kind++) {
			struct channel *channel = &timer->channels[cpu][kind];

			clock_timer_remove(&device->vm->clock, &channel->alarm);
			pthread_mutex_destroy(&channel->lock);
		}
	}
	free(timer);
}

static const struct device_ops timer_ops = {
	.name = "timer",
	.reset = timer_reset,
	.reset_cpu = timer_reset_cpu,
	.describe = timer_describe,
	.destroy = timer_destroy,
};

static void channel_init(struct generic_timer *timer, unsigned cpu, enum channel_kind kind)
{
	struct channel *channel = &timer->channels[cpu][kind];

	channel->timer = timer;
	channel->cpu = cpu;
	channel->kind = kind;
	channel->line = (struct irq_line){
		.chip = &timer->device.vm->irq_chip,
		.cpu = cpu,
		.intid = kind == PHYSICAL ? BOARD_IRQ_PTIMER : BOARD_IRQ_VTIMER,
	};
	pthread_mutex_init(&channel->lock, NULL);
	clock_timer_init(&channel->alarm, channel_expire, channel);
}

int generic_timer_create(struct vm *vm, struct error *err)
{
	struct generic_timer *timer = calloc(1, sizeof(*timer));

	if (!timer)
		return error_set(err, ERROR_NO_MEMORY, "timer: out of memory");
	timer->device = (struct device){
		.ops = &timer_ops,
		.vm = vm,
		.state = &timer->state,
		.state_size = sizeof(timer->state),
	};
	for (unsigned cpu = 0; cpu < vm->cpus; cpu++) {
		for (unsigned kind = 0; kind < CHANNELS; kind++)
			channel_init(timer, cpu, kind);
	}
	vm_add_device(vm, &timer->device);
	return sysreg_add(&vm->sysregs, timer_regs, sizeof(timer_regs) / sizeof(*timer_regs), timer,
			  err);
}

/*
 * Linux: Documentation/devicetree/bindings/timer/arm,arch_timer.yaml. The order is secure physical,
 * non-secure physical, virtual, hypervisor. "always-on": it keeps counting in any idle state.
 */
int generic_timer_describe_node(void *fdt)
{
	static const unsigned intids[] = {IRQ_SECURE_TIMER, BOARD_IRQ_PTIMER, BOARD_IRQ_VTIMER,
					  IRQ_HYPERVISOR_TIMER};
	fdt32_t cells[4][3];
	int ret;

	for (unsigned i = 0; i < 4; i++) {
		cells[i][0] = cpu_to_fdt32(1); /* PPI */
		cells[i][1] = cpu_to_fdt32(intids[i] - IRQ_PPI_BASE);
		cells[i][2] = cpu_to_fdt32(TRIGGER_LEVEL_HIGH);
	}
	if ((ret = fdt_begin_node(fdt, "timer")) ||
	    (ret = devicetree_string(fdt, "compatible", "arm,armv8-timer")) ||
	    (ret = fdt_property(fdt, "interrupts", cells, sizeof(cells))) ||
	    (ret = fdt_property(fdt, "always-on", NULL, 0)))
		return ret;
	return devicetree_end(fdt);
}
