"""`god kvm info` on the machine at hand, whatever it is; ci/kvm-inner.sh has it on one with KVM."""

import json
import os
import platform

import pytest

EX_OK = 0
EX_UNAVAILABLE = 69


@pytest.fixture
def info(god):
    run = god.run("kvm", "info", "--json")
    assert run.returncode in (EX_OK, EX_UNAVAILABLE) and run.stderr == ""
    said = json.loads(run.stdout)
    assert said["usable"] == (run.returncode == EX_OK)
    return said


def test_json_names_the_host_and_what_runs(info):
    assert info["machine"] == platform.machine()
    assert info["kernel"] == platform.release()
    assert info["cpu"]
    assert info["engine"] in ("kvm", "jit", "interp")
    assert (info["engine"] == "kvm") == info["usable"]


def test_text_says_the_same(god, info):
    run = god.run("kvm", "info")
    assert (run.returncode == EX_OK) == info["usable"]
    assert info["machine"] in run.stdout and info["cpu"] in run.stdout
    if info["usable"]:
        assert all(name in run.stdout for name in info["capabilities"])
    else:
        assert info["reason"] in run.stdout
        assert f"engine {info['engine']}" in run.stdout


@pytest.mark.skipif(platform.machine() == "aarch64", reason="it can run kvm")
def test_another_architecture(god, info):
    assert not info["usable"]
    assert "arm64 host is needed" in info["reason"] and "docs/kvm.md" in info["reason"]
    run = god.run("run", "--engine", "kvm", "--binary", "/no/such/file")
    assert run.returncode == EX_UNAVAILABLE
    assert run.stderr.startswith("god: engine kvm runs guests on arm64 hosts alone")


@pytest.mark.skipif(platform.machine() != "aarch64" or os.path.exists("/dev/kvm"),
                    reason="for arm64 without KVM")
def test_arm64_without_kvm(info):
    assert not info["usable"]
    assert "there is no KVM here" in info["reason"]
