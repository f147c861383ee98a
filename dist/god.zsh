#compdef god
# Completion of god(1) in zsh.  The options are not written here: god is asked for them.

_god_options() {
	compadd -- ${(f)"$($words[1] "$@" --help 2>/dev/null |
		sed -n 's/^  \(--[a-z][a-z0-9-]*\).*/\1/p')"}
}

_god_engines() {
	compadd "$@" auto ${(f)"$($words[1] --version 2>/dev/null |
		sed -n '/not on this host/d; s/^  \([a-z]*\) .*/\1/p')"}
}

_god() {
	if (( CURRENT == 2 )); then
		compadd -- run test lockstep kvm --help --version
		return
	fi
	case $words[CURRENT-1] in
	--kernel | --binary | --initramfs | --disk | --share | --dtb | --dump-dtb | --input) _files; return ;;
	--engine)
		_god_engines
		[[ $words[2] != test ]] || compadd all
		return
		;;
	--engines) compset -P '*,'; _god_engines; return ;;
	--gic) compadd 2 3; return ;;
	--console) compadd uart virtio; return ;;
	--net) compadd user tap=; return ;;
	--format) compadd pretty tap junit; return ;;
	--trace) _values -s , event mmio irq exit exception psci sysreg insn all; return ;;
	--append | --balloon | --cpus | --every | --filter | --jit-cache | --jit-threshold | --jobs | --memory | --port | --shard | --timeout | --until | --vsock) return ;;
	esac
	case $words[2] in
	run | lockstep) _god_options $words[2] ;;
	test)
		_god_options test
		_files
		;;
	kvm)
		if (( CURRENT == 3 )); then
			compadd info
		else
			_god_options kvm info
		fi
		;;
	esac
}

_god "$@"
