"""The newcomer's story with the `openstack` command itself: boot, look, stop, start, delete, quota."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import client
import engine
from checks import eventually

OPENSTACK = Path(sys.executable).with_name("openstack")
IMAGE = "novadock/tiny"


def installed(environment: dict, words: list) -> tuple:
    """Runs one command as whoever types it does: its status, output and complaint."""
    done = subprocess.run([OPENSTACK, *words], env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


class Story:
    """One run of a story; the checks share what they make."""

    def __init__(self, cloud, folder: Path, command=client.run):
        self.cloud = cloud
        self.command = command
        self.key = folder / "key"
        self.user_data = folder / "user-data"

    def openstack(self, *words: str, cloud: str = "novadock") -> str:
        """Runs the command; its output, or a failure with its complaint."""
        status, out, complaint = self.command(self.cloud.environment(cloud), [*map(str, words)])
        assert status == 0, f"openstack {' '.join(words)}: {complaint.strip()}"
        return out

    def json(self, *words: str, cloud: str = "novadock"):
        return json.loads(self.openstack(*words, "-f", "json", cloud=cloud))

    def status(self, server: str) -> str:
        return self.json("server", "show", server)["status"]

    def lists(self):
        flavors = {row["Name"] for row in self.json("flavor", "list")}
        assert {"m1.tiny", "m1.xlarge"} <= flavors, flavors
        images = {row["Name"]: row["Status"] for row in self.json("image", "list")}
        assert images.get(IMAGE) == "active", images

    def keypair(self):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)]
        subprocess.run(command, check=True)
        self.openstack("keypair", "create", "--public-key", f"{self.key}.pub", "story")

    def open_door(self):
        rule = ("--protocol", "tcp", "--dst-port", "22", "default")
        self.rule = self.json("security", "group", "rule", "create", *rule)["id"]

    def create(self):
        self.user_data.write_text("#!/bin/sh\necho user data says $((6 * 7))\ntouch /ran-once\n")
        self.openstack(
            *("server", "create", "--image", IMAGE, "--flavor", "m1.tiny", "--network", "shared"),
            *("--key-name", "story", "--user-data", str(self.user_data)),
            *("--property", "colour=green", "--wait", "web"),
        )
        server = self.json("server", "show", "web")
        assert server["status"] == "ACTIVE", server
        assert server["addresses"]["shared"], server
        container = engine.inspect(f"nova-{server['id']}")
        host = container["HostConfig"]
        assert host["Memory"] == 512 << 20 and host["MemorySwap"] == host["Memory"], host
        assert host["NanoCpus"] == 10**9 or host["CpuQuota"], host
        assert container["Config"]["Hostname"] == "web"
        assert container["Config"]["Labels"]["novadock.id"] == server["id"]
        return server

    def listed(self):
        rows = self.json("server", "list")
        assert [(row["Name"], row["Status"]) for row in rows] == [("web", "ACTIVE")], rows

    def console(self):
        def log():
            return self.openstack("console", "log", "show", "web")

        eventually("the guest's banner", lambda: "Novadock guest ready" in log())
        eventually("the output of user data", lambda: "user data says 42" in log())

    def address(self) -> str:
        return self.json("server", "show", "web")["addresses"]["shared"][0]

    def ssh(self, *words: str) -> str:
        options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
        options += ["-o", "LogLevel=ERROR", "-o", "ConnectTimeout=5", "-o", "BatchMode=yes"]
        command = ["ssh", "-i", str(self.key), *options, f"root@{self.address()}", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        return done.stdout if done.returncode == 0 else ""

    def login(self):
        name = eventually("a login by key", lambda: self.ssh("hostname").strip(), 20)
        assert name == "web", name

    def metadata(self):
        url = "http://169.254.169.254/openstack/latest/meta_data.json"
        text = eventually("the metadata service", lambda: self.ssh("wget", "-q", "-O-", url), 20)
        document = json.loads(text)
        assert document["name"] == "web" and document["meta"] == {"colour": "green"}, document

    def stop_and_start(self):
        self.openstack("server", "stop", "web")
        eventually("SHUTOFF", lambda: self.status("web") == "SHUTOFF")
        self.openstack("server", "start", "web")
        eventually("ACTIVE", lambda: self.status("web") == "ACTIVE")
        once = eventually("a login after the start", lambda: self.ssh("ls", "/ran-once"), 20)
        assert once.strip() == "/ran-once"
        ran = self.ssh("grep -c 'user data says' /var/log/cloud-init-output.log").strip()
        assert ran == "1", f"user data ran {ran} times"

    def reboot(self):
        self.openstack("server", "reboot", "--hard", "--wait", "web")
        assert self.status("web") == "ACTIVE"

    def rebuild(self):
        address = self.address()
        self.ssh("touch /written")
        self.openstack("server", "rebuild", "--wait", "web")
        assert self.status("web") == "ACTIVE" and self.address() == address
        listed = eventually("user data after the rebuild", lambda: self.ssh("ls / | grep ran-once && ls /"), 20)
        assert "written" not in listed.split(), listed

    def shelve(self):
        server = self.json("server", "show", "web")
        self.ssh("echo kept > /written && sync")
        self.openstack("server", "shelve", "--wait", "web")
        eventually("SHELVED_OFFLOADED", lambda: self.status("web") == "SHELVED_OFFLOADED")
        left = [row["Names"] for row in engine.containers(self.cloud.installation())]
        assert not any(f"/nova-{server['id']}" in names for names in left), left
        self.openstack("server", "unshelve", "--wait", "web")
        back = self.json("server", "show", "web")
        assert (back["id"], back["addresses"]) == (server["id"], server["addresses"]), back
        text = eventually("the file of before", lambda: self.ssh("cat", "/written").strip(), 20)
        assert text == "kept", text
        assert "web-shelved" not in {row["Name"] for row in self.json("image", "list")}

    def resize(self):
        guest = f"nova-{self.json('server', 'show', 'web')['id']}"

        def memory_mb() -> int:
            return engine.inspect(guest)["HostConfig"]["Memory"] >> 20

        started = engine.inspect(guest)["State"]["StartedAt"]
        for answer, left in (("revert", 512), ("confirm", 256)):
            self.openstack("server", "resize", "--flavor", "m1.micro", "--wait", "web")
            assert self.status("web") == "VERIFY_RESIZE" and memory_mb() == 256, memory_mb()
            self.openstack("server", "resize", answer, "web")
            eventually("ACTIVE", lambda: self.status("web") == "ACTIVE")
            assert memory_mb() == left, (answer, memory_mb())
        assert engine.inspect(guest)["State"]["StartedAt"] == started, "the guest was not to be started again"

    def rescue(self):
        self.ssh("echo broken > /written && sync")
        address = self.address()
        self.openstack("server", "rescue", "web")
        eventually("RESCUE", lambda: self.status("web") == "RESCUE")
        assert self.address() == address
        text = eventually("the server's file", lambda: self.ssh("cat", "/mnt/written").strip(), 20)
        assert text == "broken", text
        self.ssh("echo repaired > /mnt/written && sync")
        self.openstack("server", "unrescue", "web")
        eventually("ACTIVE", lambda: self.status("web") == "ACTIVE")
        text = eventually("the file again", lambda: self.ssh("cat", "/written").strip(), 20)
        assert text == "repaired", text

    def snapshot_boots(self):
        self.openstack("server", "image", "create", "--name", "snap", "--wait", "web")
        image = self.json("image", "show", "snap")
        assert image["status"] == "active" and image["properties"]["image_type"] == "snapshot", image
        words = ("--image", "snap", "--flavor", "m1.nano", "--network", "shared", "--wait", "copy")
        self.openstack("server", "create", *words)
        assert self.status("copy") == "ACTIVE"
        self.openstack("server", "delete", "--wait", "copy")
        self.openstack("image", "delete", "snap")

    def uploaded_tar_boots(self):
        tar = ".cache/guest-image/novadock-tiny.tar"
        words = ("--container-format", "docker", "--disk-format", "raw", "--file", tar)
        command = ("--property", "os_command_line=/sbin/init", "uploaded")
        self.openstack("image", "create", *words, *command)
        words = ("--image", "uploaded", "--flavor", "m1.nano", "--network", "shared", "--wait", "up")
        self.openstack("server", "create", *words)
        assert self.status("up") == "ACTIVE"
        self.openstack("server", "delete", "--wait", "up")
        self.openstack("image", "delete", "uploaded")

    def unbootable_image_is_a_clear_fault(self):
        words = ("--container-format", "bare", "--disk-format", "qcow2", "--file", __file__, "disk")
        self.openstack("image", "create", *words)
        words = ("--image", "disk", "--flavor", "m1.nano", "--network", "shared", "no")
        self.openstack("server", "create", *words)
        server = eventually("ERROR", lambda: self._in_error("no"))
        assert "qcow2" in str(server["fault"]), server["fault"]
        self.openstack("server", "delete", "--wait", "no")
        self.openstack("image", "delete", "disk")

    def _in_error(self, name: str):
        server = self.json("server", "show", name)
        return server if server["status"] == "ERROR" else None

    def quota_refuses(self):
        demo = "demo"
        self.openstack("quota", "set", "--instances", "1", demo, cloud="novadock-admin")
        words = ("--image", IMAGE, "--flavor", "m1.nano", "--network", "shared", "toomany")
        try:
            self.openstack("server", "create", *words)
        except AssertionError as refused:
            assert "Quota exceeded for instances: Requested 1, but already used 1 of 1" in str(refused)
        else:
            raise AssertionError("the quota did not refuse")
        finally:
            self.openstack("quota", "set", "--instances", "10", demo, cloud="novadock-admin")

    def delete(self):
        server = self.json("server", "show", "web")["id"]
        self.openstack("server", "delete", "--wait", "web")
        assert self.json("server", "list") == []
        left = [row["Names"] for row in engine.containers(self.cloud.installation())]
        assert not any(f"/nova-{server}" in names for names in left), left
        self.openstack("keypair", "delete", "story")
        self.openstack("security", "group", "rule", "delete", self.rule)


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(cloud, Path(folder), installed)
        for name in (
            *("lists", "keypair", "open_door", "create", "listed", "console", "login", "metadata"),
            *("stop_and_start", "reboot", "rebuild", "resize", "shelve", "rescue"),
            *("snapshot_boots", "uploaded_tar_boots"),
            *("unbootable_image_is_a_clear_fault", "quota_refuses", "delete"),
        ):
            checks.run(f"story: {name.replace('_', ' ')}", getattr(story, name))
