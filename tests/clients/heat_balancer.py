"""A load balancer before a group, with the `openstack` command itself: it serves who is in the group, on real containers."""

import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from checks import eventually
from story import Story

TEMPLATE = """
HeatTemplateFormatVersion: '2012-12-12'
Parameters:
  LbFlavor: {Type: String, Default: m1.micro}
  Size: {Type: Number, Default: '2'}
Resources:
  Config:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties:
      ImageId: novadock/tiny
      InstanceType: m1.micro
      UserData: |
        #!/bin/sh
        mkdir -p /www && hostname -i >/www/index.html && busybox httpd -p 8080 -h /www
  Group:
    Type: OS::Heat::InstanceGroup
    Properties:
      AvailabilityZones: [nova]
      LaunchConfigurationName: {Ref: Config}
      Size: {Ref: Size}
      LoadBalancerNames: [{Ref: Balancer}]
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: who may speak to the balancer
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: '80', ToPort: '80', CidrIp: 0.0.0.0/0}]
  Balancer:
    Type: AWS::ElasticLoadBalancing::LoadBalancer
    Properties:
      # The members are in the group `default`, which lets in its own.
      SecurityGroups: [default, {Ref: Door}]
      AvailabilityZones: [nova]
      Listeners: [{LoadBalancerPort: 80, InstancePort: 8080, Protocol: HTTP}]
      HealthCheck: {Target: 'HTTP:8080/', Interval: 1, Timeout: 1, HealthyThreshold: 1, UnhealthyThreshold: 2}
Outputs:
  Members: {Value: {'Fn::GetAtt': [Group, InstanceList]}}
  Name: {Value: {'Fn::GetAtt': [Balancer, DNSName]}}
"""


class Balancer(Story):
    """The checks share the stack."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.template = folder / "balancer.yaml"
        self.template.write_text(TEMPLATE)

    def outputs(self) -> dict:
        rows = self.json("stack", "show", "balanced")["outputs"]
        return {row["output_key"]: row["output_value"] for row in rows}

    def answers(self) -> set[str]:
        """Who answers six times at the address of the balancer."""
        return {fetch(f"http://{self.outputs()['Name']}/") for _ in range(6)}

    def create(self):
        self.openstack("stack", "create", "-t", str(self.template), "--wait", "balanced")
        members = set(self.outputs()["Members"].split(","))
        assert len(members) == 2, members
        eventually("both members answer in turn", lambda: self.answers() == members, 20)

    def shrink(self):
        self.openstack("stack", "update", "--existing", "--parameter", "Size=1", "--wait", "balanced")
        members = {self.outputs()["Members"]}
        eventually("only the one that is left answers", lambda: self.answers() == members, 20)

    def delete(self):
        self.openstack("stack", "delete", "--yes", "--wait", "balanced")
        assert self.json("server", "list") == []


def fetch(url: str) -> str:
    """What is there; nothing while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read().decode().strip()
    except (urllib.error.URLError, OSError):
        return ""


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        balancer = Balancer(cloud, Path(folder))
        checks.run("a balancer spreads connections over a group", balancer.create)
        checks.run("a member that goes is asked no more", balancer.shrink)
        checks.run("with the stack goes the balancer", balancer.delete)
