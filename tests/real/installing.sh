# What the start scripts share: a server is installed once, into .real/NAME, and within a limit. Sourced, never run.
#
#   NAME-up --install     installs and ends
#   DRUMBEAT_REAL_SECONDS=360     how long an installation may take
#   DRUMBEAT_REAL_INSTALL=no      what is not installed yet is not installed now
#
# 69 is what a start script ends with where its server cannot be installed; the last line on standard error says why.
# That is no fault of Drumbeat's, and tests pass it over. Whatever goes wrong later is a failure.
here=$(cd "$(dirname "$0")" && pwd)
real=${DRUMBEAT_REAL_FOLDER:-$here/../../.real}/$name
mkdir -p "$real"
real=$(cd "$real" && pwd)

# what must be there, and cannot be had from a registry
needs() {
  for command in "$@"; do
    command -v "$command" >/dev/null || { echo "$command is not there"; return 1; }
  done
}

# as root on Debian: packages that the machine itself lacks, none of them started
debian() {
  if [ "$(id -u)" != 0 ]; then echo "$* must be installed, and only root can"; return 1; fi
  needs apt-get
  exec 8>"$real/../apt"  # apt waits for some of its locks only
  if command -v flock >/dev/null; then flock 8; fi
  local patient=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=120)
  apt-get "${patient[@]}" update || true  # one of several sources may be out of reach
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get "${patient[@]}" install --yes --no-install-recommends "$@"
}

# a virtual environment at $real/venv with these packages
python_packages() {
  rm -rf "$real/venv"
  python3 -m venv "$real/venv" >/dev/null || { rm -rf "$real/venv"; debian python3-venv && python3 -m venv "$real/venv"; }
  env -u PIP_CONSTRAINT "$real/venv/bin/pip" install -qq --disable-pip-version-check --retries 1 --timeout 20 "$@"
}

cannot() {
  echo "$name cannot be installed: $1" >&2
  exit 69
}

if [ "${1:-}" = --inside ]; then
  install
  exit
fi
exec 9>"$real/installing"
if command -v flock >/dev/null; then flock 9; fi
if [ "$(cat "$real/installed" 2>/dev/null)" != "$wanted" ]; then
  if [ "${DRUMBEAT_REAL_INSTALL:-}" = no ]; then cannot "$(tail -n 1 "$real/trouble" 2>/dev/null || echo "not tried")"; fi
  echo "installing $name into $real …" >&2
  most=${DRUMBEAT_REAL_SECONDS:-360}
  status=0
  timeout --kill-after=10 "$most" "$0" --inside >"$real/said" 2>&1 9>&- || status=$?
  case $status in
    0) echo "$wanted" >"$real/installed" ;;
    124 | 137) echo "it took more than $most seconds" >"$real/trouble" ;;
    *) { grep . "$real/said" || echo "nothing was said"; } | tail -n 1 >"$real/trouble" ;;
  esac
  if [ "$status" != 0 ]; then cannot "$(cat "$real/trouble")"; fi
fi
exec 9>&-
if [ "${1:-}" = --install ]; then exit; fi

port=${1:-$usual}
inner=${2:-$port}
taken() { (exec 3<>"/dev/tcp/127.0.0.1/$inner") 2>/dev/null; }
if taken; then echo "port $inner is taken" >&2; exit 1; fi
