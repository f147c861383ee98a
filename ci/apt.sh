# shellcheck shell=bash
# A private apt: arm64 packages from the host's own Debian mirror, without a change to the host.
#
# Sourced by images.sh and kernel.sh.  Lists, cache and the (empty) package database live in
# build/apt; the mirror is the one that the host is configured for; signatures are checked against
# Debian's own keyring, whatever else the host trusts.  Needs no root.
#
#   apt_update                 read the package lists of the mirror
#   apt_newest PATTERN         the newest package whose name matches an extended regular expression
#   apt_fetch PACKAGE DIR      download PACKAGE into DIR; print the file's path

apt_root=$PWD/build/apt
apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

apt_say() {
	echo "${0##*/}: $1" >&2
}

private_apt() {
	local tool=$1
	shift
	"apt-$tool" -q -c "$apt_root/apt.conf" "$@"
}

# "URI SUITE" of each Debian suite that the host uses.  apt itself reads the host's configuration,
# in all its formats; what is Debian is known from the lists, so there must be some.
apt_host_suites() {
	local format="\$(ORIGIN) \$(COMPONENT) \$(REPO_URI) \$(RELEASE)"
	local lists=("$@")
	apt-get "${lists[@]}" indextargets --format "$format" 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian main //p' | sort -u
}

apt_sources() {
	local codename suites
	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	suites=$(apt_host_suites)
	if [ -z "$suites" ]; then
		# A container image comes without lists: read them, but not into the host's.
		mkdir -p "$apt_root"/host/{lists,cache}/partial
		local host=(-o "Dir::State::lists=$apt_root/host/lists"
			-o "Dir::Cache=$apt_root/host/cache" -o "APT::Sandbox::User=root")
		apt-get -q "${host[@]}" update >/dev/null 2>&1 || true
		suites=$(apt_host_suites "${host[@]}")
	fi
	if [ -z "$suites" ]; then
		apt_say "apt on this machine has no Debian suites configured, or can not reach them"
		return 1
	fi
	echo "$suites"
	# Linux 6.12 comes to Debian 12 by the way of security updates or backports.
	if [ "$codename" = bookworm ]; then
		echo "$suites" | sed -n 's| bookworm$| bookworm-backports|p'
		echo "$suites" | sed -n 's|\(/debian\)/* bookworm$|\1-security bookworm-security|p'
	fi
}

apt_configure() {
	local uri suite
	mkdir -p "$apt_root"/{state/lists,cache/archives}/partial
	: >"$apt_root/status"
	apt_sources >"$apt_root/suites.new"
	# -security twice with and without a final slash would be two sources: normalise.
	sed 's|/* | |' "$apt_root/suites.new" | sort -u | while read -r uri suite; do
		echo "deb [signed-by=$apt_keyring] $uri $suite main"
	done >"$apt_root/sources.list"
	rm "$apt_root/suites.new"
	# Given with -c it is read last, after the host's apt.conf.d with its proxy and the like.
	cat >"$apt_root/apt.conf" <<-EOT
		#clear APT::Architectures;
		#clear APT::Update;
		#clear DPkg;
		APT::Architecture "arm64";
		APT::Architectures { "arm64"; };
		APT::Sandbox::User "root";
		APT::Get::AllowUnauthenticated "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::Etc::sourcelist "$apt_root/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State "$apt_root/state";
		Dir::State::status "$apt_root/status";
		Dir::Cache "$apt_root/cache";
	EOT
}

apt_update() {
	apt_configure
	apt_say "reading Debian's arm64 package lists"
	# A suite that the mirror does not carry is no failure; a package that is missing will be.
	private_apt get update >"$apt_root/update.log" 2>&1 ||
		apt_say "some package lists could not be read (build/apt/update.log)"
}

apt_newest() {
	private_apt cache pkgnames | grep -xE "$1" | sort -V | tail -n 1
}

apt_fetch() {
	local package=$1 dir=$2 temporary deb
	mkdir -p "$dir"
	rm -rf "$dir"/download.* # of an interrupted run
	temporary=$(mktemp -d "$dir/download.XXXXXX")
	apt_say "fetching $package"
	if ! (cd "$temporary" && private_apt get download "$package") >&2; then
		rm -rf "$temporary"
		return 1
	fi
	# apt has checked the file against the signed list.  Only now does it get its place.
	deb=$(basename "$temporary"/*.deb)
	mv "$temporary/$deb" "$dir/$deb"
	rmdir "$temporary"
	echo "$dir/$deb"
}

# One of these scripts at a time uses build/apt.
apt_lock() {
	mkdir -p "$apt_root"
	exec 9>"$apt_root/lock"
	flock 9
}
