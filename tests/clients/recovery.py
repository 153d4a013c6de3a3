"""kill -9 under load: fifty boots and deletes, several kills, then rows and engine must agree."""

import concurrent.futures
import os
import random
import time

import engine
from checks import eventually

SERVERS = 50
KILLS = 4


def connection(cloud):
    os.environ.update(cloud.environment("novadock"))
    import openstack

    return openstack.connect()


def load(sdk, flavor, image, network) -> list:
    """Creates the servers, deletes every second one as it goes; survives the kills."""

    def one(number: int):
        body = {"name": f"load-{number}", "imageRef": image, "flavorRef": flavor}
        body |= {"networks": [{"uuid": network}]}
        try:
            made = sdk.compute.post("/servers", json={"server": body}, microversion="2.96")
            if made.status_code != 202:
                return None
            identity = made.json()["server"]["id"]
            if number % 2:
                time.sleep(random.random())
                sdk.compute.delete(f"/servers/{identity}")
            return identity
        except Exception:  # the service was just killed: that is what this is about
            return None

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return [identity for identity in pool.map(one, range(SERVERS)) if identity]


def kill_under_load(cloud):
    sdk = connection(cloud)
    flavor = sdk.compute.find_flavor("m1.nano").id
    image = sdk.image.find_image("novadock/tiny").id
    network = sdk.network.find_network("shared").id
    with concurrent.futures.ThreadPoolExecutor(1) as background:
        made = background.submit(load, sdk, flavor, image, network)
        for _ in range(KILLS):
            time.sleep(1 + random.random())
            cloud.kill()
            cloud.start()
        assert made.result(), "no server was accepted"
    eventually("every server at rest", lambda: at_rest(sdk), 180)
    compare(cloud, sdk)


def at_rest(sdk) -> bool:
    return all(
        server.status in ("ACTIVE", "ERROR") and not server.task_state for server in sdk.compute.servers()
    )


def compare(cloud, sdk):
    """Rows and engine agree one to one."""
    servers = {server.id: server for server in sdk.compute.servers()}
    failed = [server for server in servers.values() if server.status == "ERROR"]
    assert all(server.fault for server in failed), "an ERROR without a reason"

    def containers():
        return {row["Labels"]["novadock.id"] for row in engine.containers(cloud.installation())}

    active = {identity for identity, server in servers.items() if server.status == "ACTIVE"}
    eventually("containers and rows to agree", lambda: active <= containers() <= set(servers), 60)
    ports = {port.device_id for port in sdk.network.ports() if port.device_owner.startswith("compute:")}
    assert ports <= set(servers), f"ports without a server: {ports - set(servers)}"
    addresses = [port.fixed_ips[0]["ip_address"] for port in sdk.network.ports() if port.fixed_ips]
    assert len(addresses) == len(set(addresses)), "an address was given twice"
    for server in servers.values():
        sdk.compute.delete_server(server)
    eventually("everything gone", lambda: not list(sdk.compute.servers()), 120)
    eventually("no container left", lambda: not containers(), 60)
    assert not [port for port in sdk.network.ports() if port.device_owner.startswith("compute:")]


def run(cloud, checks):
    admin = cloud.environment("novadock-admin")
    os.environ.update(admin)
    import openstack

    operator = openstack.connect()
    project = operator.identity.find_project("demo").id
    quota = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}
    operator.compute.put(f"/os-quota-sets/{project}", json=quota)
    checks.run(f"recovery: kill -9 {KILLS} times during {SERVERS} boots and deletes", kill_under_load, cloud)
