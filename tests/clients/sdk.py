"""openstacksdk: the cloud layer and the proxies."""

import ipaddress
import os

import engine
from checks import eventually


def connection(cloud):
    os.environ.update(cloud.environment("novadock"))
    import openstack

    return openstack.connect()


def catalogue(sdk):
    for name in ("identity", "compute", "image", "network"):
        assert sdk.session.get_endpoint(service_type=name), name
    assert sdk.compute.get_endpoint_data().max_microversion


def images(sdk):
    image = sdk.image.find_image("novadock/tiny")
    assert image.status == "active" and image.visibility == "public", image


def network_and_server(sdk):
    network = sdk.network.create_network(name="sdk-network")
    addresses = engine.free_range()
    subnet = sdk.network.create_subnet(
        network_id=network.id, ip_version=4, cidr=str(addresses), name="sdk-subnet"
    )
    image = sdk.image.find_image("novadock/tiny")
    flavor = sdk.compute.find_flavor("m1.nano")
    server = sdk.compute.create_server(
        name="sdk", image_id=image.id, flavor_id=flavor.id, networks=[{"uuid": network.id}]
    )
    server = sdk.compute.wait_for_server(server, wait=60)
    address = server.addresses["sdk-network"][0]
    assert ipaddress.ip_address(address["addr"]) in addresses, (address, addresses)
    assert address["OS-EXT-IPS:type"] == "fixed", address
    ports = list(sdk.network.ports(device_id=server.id))
    assert [port.fixed_ips[0]["ip_address"] for port in ports] == [address["addr"]]
    sdk.compute.delete_server(server)
    sdk.compute.wait_for_delete(server, wait=60)
    assert not list(sdk.network.ports(device_id=server.id))
    sdk.network.delete_subnet(subnet)
    eventually("the network to go", lambda: sdk.network.delete_network(network, ignore_missing=True) is None)


def many_at_once(sdk):
    image = sdk.image.find_image("novadock/tiny")
    flavor = sdk.compute.find_flavor("m1.nano")
    network = sdk.network.find_network("shared")
    sdk.compute.create_server(
        name="many", image_id=image.id, flavor_id=flavor.id, networks=[{"uuid": network.id}], min_count=3
    )

    def active():
        servers = [server for server in sdk.compute.servers() if server.name.startswith("many")]
        return servers if [server.status for server in servers] == ["ACTIVE"] * 3 else None

    servers = eventually("three servers", active)
    assert {server.name for server in servers} == {"many-1", "many-2", "many-3"}
    for server in servers:
        sdk.compute.delete_server(server)
    for server in servers:
        sdk.compute.wait_for_delete(server, wait=60)


def run(cloud, checks):
    sdk = connection(cloud)
    for check in (catalogue, images, network_and_server, many_at_once):
        checks.run(f"sdk: {check.__name__.replace('_', ' ')}", check, sdk)
