# Completion of god(1) in fish.  The options are not written here: god is asked for them.

# The options of a command, each with its help as description.
function __god_options
	god $argv --help 2>/dev/null | string replace -rf '^  (--[a-z][a-z0-9-]*)(?: \S+)?(?:  +(.*))?$' '$1\t$2'
end

function __god_engines
	god --version 2>/dev/null | string match -v '*not on this host*' |
		string replace -rf '^  ([a-z]+) .*' '$1'
end

# Is the word before the cursor one of these options?
function __god_after
	contains -- (commandline -opc)[-1] $argv
end

# Is an option to come, not the value of the one before the cursor?
function __god_option_next
	set -l words (commandline -opc)
	not god $words[2] --help 2>/dev/null | string match -qr -- "^  $words[-1] [^ ]"
end

complete -c god -f
complete -c god -n '__fish_is_first_arg' -a 'run test lockstep kvm --help --version'
complete -c god -n '__fish_seen_subcommand_from kvm; and __god_after kvm' -a info
complete -c god -n '__fish_seen_subcommand_from run; and __god_option_next' -a '(__god_options run)'
complete -c god -n '__fish_seen_subcommand_from test; and __god_option_next' -a '(__god_options test)'
complete -c god -n '__fish_seen_subcommand_from lockstep; and __god_option_next' -a '(__god_options lockstep)'
complete -c god -n '__fish_seen_subcommand_from info' -a '(__god_options kvm info)'
complete -c god -n '__god_after --engine' -a 'auto (__god_engines)'
complete -c god -n '__god_after --engines' -a '(__god_engines),(__god_engines)'
complete -c god -n '__god_after --gic' -a '2 3'
complete -c god -n '__god_after --console' -a 'uart virtio'
complete -c god -n '__god_after --net' -a 'user tap='
complete -c god -n '__god_after --format' -a 'pretty tap junit'
complete -c god -n '__god_after --trace' -a 'mmio irq exit exception psci sysreg insn all'
complete -c god -n '__god_after --kernel --binary --initramfs --disk --share --dtb --dump-dtb --input' -F
complete -c god -n '__fish_seen_subcommand_from test; and __god_option_next' -F
