"""What `make bench` has found out, as a structure for --json and as a table for people."""

import datetime
import math
import os
import platform
import statistics
import subprocess

# What the interpreter has to reach: title, unit, the most (or least) that is allowed.
SMALL_RATIO, DEBIAN_RATIO = 2, 4
INTEGER_MIPS = 150
TESTS_SECONDS = 1


def host_load():
    return os.getloadavg()[0]


def first_line(argv):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE,
                          text=True).stdout.splitlines()[0]


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def describe_host(bench, load_before):
    """`busy`: others wanted the CPUs too, so that the time that passed says little."""
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "cpu": cpu_model(),
        "cpus": os.cpu_count(),
        "load_before": load_before,
        "load_after": host_load(),
        "busy": load_before > 0.5 * os.cpu_count(),
        "god": first_line([bench.god, "--version"]),
        "qemu": first_line([bench.arguments.qemu, "--version"]),
    }


def median(samples, which):
    return statistics.median(sample[which] for sample in samples)


def make_row(name, title, samples, engines):
    """A row: each machine's samples and medians, the better QEMU's name, god's ratios to it."""
    row = {"name": name, "title": title, "machines": {}, "ratio": {}, "cpu_ratio": {}}
    for machine, taken in samples.items():
        row["machines"][machine] = {
            "seconds": [round(seconds, 6) for seconds, _ in taken],
            "cpu_seconds": [round(cpu, 6) for _, cpu in taken],
            "median": round(median(taken, 0), 6),
            "cpu_median": round(median(taken, 1), 6),
        }
    qemus = [machine for machine in row["machines"] if machine not in engines]
    row["qemu"] = min(qemus, key=lambda machine: row["machines"][machine]["median"])
    for key, figure in (("ratio", "median"), ("cpu_ratio", "cpu_median")):
        best = min(row["machines"][machine][figure] for machine in qemus)
        for engine in engines:
            row[key][engine] = round(row["machines"][engine][figure] / max(best, 1e-6), 4)
    return row


def geometric_mean(values):
    return round(math.exp(statistics.fmean(math.log(max(value, 1e-6)) for value in values)), 4)


def make_means(rows, engines):
    """The geometric means of the ratios: of all rows, and of all but the guest tests, where the
    ratio is of another order, because QEMU has no way to run many in one process."""
    groups = {"all": rows, "without the guest tests": [row for row in rows
                                                       if row["name"] != "tests"]}
    return {group: {key: {engine: geometric_mean([row[key][engine] for row in members])
                          for engine in engines}
                    for key in ("ratio", "cpu_ratio")}
            for group, members in groups.items() if members}


def target(title, value, unit, limit, at_least=False):
    return {"title": title, "value": round(value, 3), "unit": unit, "limit": limit,
            "at_least": at_least, "met": value >= limit if at_least else value <= limit}


def make_targets(rows, instructions):
    """The interpreter's targets, as far as their rows were run; each by time and by CPU time."""
    rows = {row["name"]: row for row in rows if "interp" in row["ratio"]}
    targets = []
    for suffix, ratio, figure in (("", "ratio", "median"),
                                  (" (CPU time)", "cpu_ratio", "cpu_median")):
        for name, limit in (("small", SMALL_RATIO), ("debian", DEBIAN_RATIO)):
            if name in rows:
                targets.append(target(rows[name]["title"] + suffix, rows[name][ratio]["interp"],
                                      "times QEMU's", limit))
        if "integer" in rows and instructions:
            seconds = rows["integer"]["machines"]["interp"][figure]
            targets.append(target("integer code" + suffix, instructions / seconds / 1e6,
                                  "million instructions a second", INTEGER_MIPS, True))
        if "tests" in rows:
            targets.append(target(rows["tests"]["title"] + suffix,
                                  rows["tests"]["machines"]["interp"][figure], "seconds",
                                  TESTS_SECONDS))
    return targets


def make(bench, titles, load_before):
    rows = [make_row(name, titles[name], samples, bench.engines)
            for name, samples in bench.samples.items()]
    return {
        "host": describe_host(bench, load_before),
        "runs": bench.arguments.runs,
        "percent": bench.arguments.percent,
        "engines": bench.engines,
        "rows": rows,
        "geometric_mean": make_means(rows, bench.engines),
        "memory": bench.memory,
        "integer_instructions": bench.instructions,
        "targets": make_targets(rows, bench.instructions) if "interp" in bench.engines else [],
    }


def print_lines(lines, stream):
    """A table: the first column to the left, the others to the right."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(cells).rstrip(), file=stream)


def print_rows(result, stream):
    engines = result["engines"]
    machines = list(result["rows"][0]["machines"])
    header = ["seconds"] + machines
    for engine in engines:
        header += [f"{engine}/qemu", "CPU"]
    lines = [header]
    for row in result["rows"]:
        line = [row["title"]]
        line += [f"{row['machines'][name]['median']:.3f}" for name in machines]
        for engine in engines:
            line += [f"{row['ratio'][engine]:.2f}", f"{row['cpu_ratio'][engine]:.2f}"]
        lines.append(line)
    for group, means in result["geometric_mean"].items():
        line = [f"geometric mean, {group}"] + [""] * len(machines)
        for engine in engines:
            line += [f"{means[key][engine]:.2f}" for key in ("ratio", "cpu_ratio")]
        lines.append(line)
    print_lines(lines, stream)


def print_memory(result, stream):
    if not result["memory"]:
        return
    machines = list(result["rows"][0]["machines"])
    lines = [["peak memory, MiB"] + machines]
    for what, peaks in result["memory"].items():
        lines.append([what] + [f"{peaks[name] / 2**20:.0f}" for name in machines])
    print(file=stream)
    print_lines(lines, stream)


def print_targets(result, stream):
    if not result["targets"]:
        return
    lines = [["targets of interp", "", "", "", ""]]
    for entry in result["targets"]:
        lines.append([entry["title"], f"{entry['value']:.2f}", entry["unit"],
                      f"{'at least' if entry['at_least'] else 'at most'} {entry['limit']}",
                      "met" if entry["met"] else "MISSED"])
    print(file=stream)
    print_lines(lines, stream)


def print_table(result, stream):
    host = result["host"]
    print(f"{host['god']}; {host['qemu']}\n{host['cpu']}, {host['cpus']} CPUs; load "
          f"{host['load_before']:.1f} before, {host['load_after']:.1f} after; {host['date']}\n"
          f"median of {result['runs']}, {result['percent']} % of the work\n", file=stream)
    print_rows(result, stream)
    print_memory(result, stream)
    print_targets(result, stream)
    if host["busy"]:
        print("\nThe host was busy: look at the ratios of CPU time.", file=stream)
