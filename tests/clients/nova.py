"""python-novaclient, at the first and the last version that it knows."""

from checks import eventually
from keystoneauth1 import loading, session
from novaclient import client


def connect(cloud, version: str):
    options = cloud_options(cloud)
    auth = loading.get_plugin_loader("password").load_from_options(**options)
    return client.Client(version, session=session.Session(auth=auth))


def cloud_options(cloud) -> dict:
    import yaml

    entry = yaml.safe_load((cloud.data_dir / "clouds.yaml").read_text())["clouds"]["novadock"]
    return dict(entry["auth"])


def server_life(nova):
    image = nova.glance.find_image("novadock/tiny")
    network = nova.neutron.find_network("shared")
    flavor = nova.flavors.find(name="m1.nano")
    server = nova.servers.create("nova-py", image, flavor, nics=[{"net-id": network.id}])
    eventually("ACTIVE", lambda: nova.servers.get(server.id).status == "ACTIVE")
    nova.servers.set_meta(server, {"colour": "green"})
    assert nova.servers.get(server.id).metadata == {"colour": "green"}
    assert nova.servers.list(search_opts={"name": "nova-py"})
    nova.servers.delete(server)
    eventually("gone", lambda: not nova.servers.list(search_opts={"name": "nova-py"}))


def lists(nova):
    assert nova.flavors.list()
    assert nova.limits.get().absolute
    assert nova.quotas.get(nova.client.get_project_id()).instances == 10


def run(cloud, checks):
    for version in ("2.1", "2.37", "2.96"):
        nova = connect(cloud, version)
        checks.run(f"novaclient {version}: lists", lists, nova)
        checks.run(f"novaclient {version}: a server's life", server_life, nova)
