# shellcheck shell=bash
# Completion of god(1) in bash.  The options are not written here: god is asked for them.

# The options that `god $@ --help` lists, one a line.
_god_options() {
	"$god" "$@" --help 2>/dev/null | sed -n 's/^  \(--[a-z][a-z0-9-]*\).*/\1/p'
}

# The engines that this host can run.
_god_engines() {
	"$god" --version 2>/dev/null | sed -n '/not on this host/d; s/^  \([a-z]*\) .*/\1/p'
}

# Words that begin with what has been typed.
_god_words() {
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$current")
}

_god_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

# The last word of a comma-separated list.
_god_list() {
	local before=

	[[ $current != *,* ]] || before=${current%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$*" -- "${current##*,}")
}

# The value of the option $1.  Nothing to offer for a number or for text.
_god_value() {
	case $1 in
	--kernel | --binary | --initramfs | --disk | --share | --dtb | --dump-dtb | --input) _god_files ;;
	--engine)
		# shellcheck disable=SC2046 # words
		_god_words auto $(_god_engines) $([ "$command" != test ] || echo all)
		;;
	--engines) _god_list "$(_god_engines)" ;;
	--gic) _god_words 2 3 ;;
	--console) _god_words uart virtio ;;
	--net) _god_words user tap= ;;
	--format) _god_words pretty tap junit ;;
	--balloon) _god_words 0 64M 128M 256M ;;
	--jit-cache) _god_words 1M 8M 32M 128M ;;
	--memory) _god_words 256M 512M 1G 2G 4G ;;
	--trace) _god_list mmio irq exit exception psci sysreg insn all ;;
	--append | --cpus | --every | --filter | --jit-threshold | --jobs | --port | --shard | --timeout | --until | --vsock) ;;
	*) return 1 ;;
	esac
}

_god() {
	local god=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-}
	local previous=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		_god_words run test lockstep kvm --help --version
		return
	fi
	# --name=VALUE comes as three words.
	if [ "$current" = "=" ]; then
		current=
	elif [ "$previous" = "=" ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	! _god_value "$previous" || return 0
	case $command in
	run | lockstep) _god_words "$(_god_options "$command")" ;;
	test)
		if [[ $current == -* ]]; then
			_god_words "$(_god_options test)"
		else
			_god_files
		fi
		;;
	kvm)
		if [ "$COMP_CWORD" = 2 ]; then
			_god_words info
		else
			_god_words "$(_god_options kvm info)"
		fi
		;;
	esac
}

complete -F _god god
