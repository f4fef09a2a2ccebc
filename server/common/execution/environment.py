"""Makes the virtual environments of jobs. It is run with a Python that it has found.

    build FOLDER REQUIREMENTS VERSION  one of its own, by the Python of that version if the machine has it ("": any)
    layer FOLDER                       one on top of this Python, whose packages it sees and which it does not change
"""

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time

WINDOWS = os.name == "nt"
UNREACHABLE = (b"Failed to establish a new connection", b"Name or service not known", b"name resolution")


def say(text):
    print(text, flush=True)


def give_up(text):
    say("ERROR: " + text)
    sys.exit(1)


def try_lock(file):
    try:
        if WINDOWS:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def locked(path):
    with open(path, "a") as file:
        if not try_lock(file):
            say("Another program is building this environment; waiting for it.")
            while not try_lock(file):
                time.sleep(0.2)
        yield


def succeeds(command):
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def interpreter(wanted):
    """The command of the wanted Python, or this one; and its version."""
    have = "%d.%d" % sys.version_info[:2]
    if wanted in ("", have):
        return [sys.executable], have
    for name, options in (("python" + wanted, []), ("py", ["-" + wanted])):
        program = shutil.which(name)
        if program and succeeds([program] + options + ["-c", ""]):
            return [program] + options, wanted
    return [sys.executable], have


def programs(folder):
    return os.path.join(folder, "Scripts" if WINDOWS else "bin")


def python_of(folder):
    return os.path.join(programs(folder), "python.exe" if WINDOWS else "python")


def install(folder, requirements):
    # Python compiles what it imports; all the rest need not wait for that.
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-compile"]
    command = [python_of(folder), "-m", "pip", "install"] + options + ["-r", requirements]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    unreachable = False
    for line in pip.stdout:
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
        unreachable = unreachable or any(sign in line for sign in UNREACHABLE)
    if pip.wait() == 0:
        return
    if unreachable:
        give_up("The Python package index cannot be reached from this machine. Connect it and run again.")
    sys.exit(1)


def build(folder, requirements, wanted):
    complete = os.path.join(folder, ".complete")
    with locked(folder + ".lock"):
        if os.path.exists(complete):
            say("The environment is in the cache already.")
            return
        python, have = interpreter(wanted)
        if wanted in ("", have):
            say("Python %s is used." % have)
        else:
            say(
                "The environment asks for Python %s. This machine has no python%s: Python %s is used instead."
                % (wanted, wanted, have)
            )
        if not succeeds(python + ["-c", "import ensurepip, venv"]):
            remedy = "python3-venv" if sys.platform == "linux" else "the one of https://www.python.org/downloads/"
            give_up("This machine's Python %s makes no virtual environments. Install %s." % (have, remedy))
        shutil.rmtree(folder, ignore_errors=True)
        if subprocess.call(python + ["-m", "venv", folder]) != 0:
            sys.exit(1)
        with open(requirements) as lines:
            if lines.read().strip():
                install(folder, requirements)
        open(complete, "w").close()
        say("The environment is ready.")


def write_pip(folder):
    """The pip of the Python below, for this environment: for shells, and for cmd.exe."""
    python = python_of(folder).replace(os.sep, "/")
    for name in ("pip", "pip3"):
        path = os.path.join(programs(folder), name)
        with open(path, "w", newline="\n") as script:
            script.write("#!/bin/sh\nexec '%s' -m pip \"$@\"\n" % python.replace("'", "'\\''"))
        os.chmod(path, 0o755)
        if WINDOWS:
            with open(path + ".cmd", "w", newline="\r\n") as script:
                script.write('@"%~dp0python.exe" -m pip %*\n')


def layer(folder):
    import venv

    venv.EnvBuilder(system_site_packages=True, clear=True, symlinks=not WINDOWS).create(folder)
    write_pip(folder)
    if sys.prefix == sys.base_prefix:
        return
    # This Python is a virtual environment itself: the new one would see its base only.
    below = sysconfig.get_path("purelib")
    packages = sysconfig.get_path("purelib", vars={"base": folder, "platbase": folder})
    with open(os.path.join(packages, "below.pth"), "w") as line:
        line.write("import site; site.addsitedir(%r)\n" % below)


if __name__ == "__main__":
    {"build": build, "layer": layer}[sys.argv[1]](*sys.argv[2:])
