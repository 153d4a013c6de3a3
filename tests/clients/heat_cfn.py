"""CloudFormation's query API: stacks by signed requests, with keystoneclient's own signer; on real containers."""

import hashlib
import json
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from keystoneclient.contrib.ec2.utils import Ec2Signer

import engine
from checks import eventually
from routers import reached_from_host
from story import Story

PATH = "/heat-api-cfn/v1/"

TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Description": "one guest",
    "Parameters": {"Note": {"Type": "String", "Default": "first"}},
    "Resources": {
        "guest": {
            "Type": "AWS::EC2::Instance",
            "Metadata": {"note": {"Ref": "Note"}},
            "Properties": {"ImageId": "novadock/tiny", "InstanceType": "m1.nano"},
        },
        "note": {"Type": "OS::Heat::Value", "Properties": {"value": {"Ref": "Note"}}},
    },
    "Outputs": {
        "Address": {"Value": {"Fn::GetAtt": ["guest", "PrivateIp"]}},
        "Note": {"Value": {"Fn::GetAtt": ["note", "value"]}},
    },
}

NAMES = ["guest", "note"]


def vpc(cidr: str) -> dict:
    """An instance in a subnet of a VPC, behind a route table that leads out, and the address that leads to it."""

    def made(kind: str, **properties) -> dict:
        return {"Type": f"AWS::EC2::{kind}", "Properties": properties}

    vpc = {"Ref": "vpc"}
    login = {"IpProtocol": "tcp", "FromPort": "22", "ToPort": "22", "CidrIp": "0.0.0.0/0"}
    lead = made("EIPAssociation", AllocationId={"Fn::GetAtt": ["address", "AllocationId"]}, InstanceId={"Ref": "guest"})
    resources = {
        "vpc": made("VPC", CidrBlock=cidr),
        "subnet": made("Subnet", VpcId=vpc, CidrBlock=cidr),
        "gateway": made("InternetGateway"),
        "out": made("VPCGatewayAttachment", VpcId=vpc, InternetGatewayId={"Ref": "gateway"}),
        "table": made("RouteTable", VpcId=vpc),
        "route": made("SubnetRouteTableAssociation", RouteTableId={"Ref": "table"}, SubnetId={"Ref": "subnet"}),
        "group": made("SecurityGroup", GroupDescription="logins", SecurityGroupIngress=[login]),
        "guest": made(
            **{"kind": "Instance", "ImageId": "novadock/tiny", "InstanceType": "m1.nano"},
            **{"SubnetId": {"Ref": "subnet"}, "SecurityGroups": [{"Ref": "group"}]},
        ),
        "address": made("EIP", Domain="vpc"),
        "lead": lead | {"DependsOn": ["out", "route"]},
    }
    outputs = {"Address": {"Value": {"Ref": "address"}}}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, "Outputs": outputs}


class CloudFormation(Story):
    """The checks share the credential and the stack."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.host = f"127.0.0.1:{cloud.port}"
        self.access = self.secret = ""

    def version_2(self, parameters: dict) -> urllib.request.Request:
        """Signed in its query, as the tools of 2013 did."""
        known = {
            **{"AWSAccessKeyId": self.access, "SignatureVersion": "2", "SignatureMethod": "HmacSHA256"},
            **{"Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "Version": "2010-05-15"},
        }
        signed = {**parameters, **known}
        request = {"params": signed, "verb": "GET", "host": self.host, "path": PATH}
        signed["Signature"] = Ec2Signer(self.secret).generate(request)
        return urllib.request.Request(f"{self.cloud.url}{PATH}?{urllib.parse.urlencode(signed)}")

    def version_4(self, parameters: dict) -> urllib.request.Request:
        """Signed in a header, the parameters in the body, as later tools do."""
        body = urllib.parse.urlencode(parameters).encode()
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{self.access}/{now[:8]}/RegionOne/cloudformation/aws4_request"
        start = f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders=host;x-amz-date,Signature="
        headers = {"Host": self.host, "X-Amz-Date": now, "Authorization": start}
        request = {"params": parameters, "verb": "POST", "host": self.host, "path": PATH}
        request |= {"headers": headers, "body_hash": hashlib.sha256(body).hexdigest()}
        headers["Authorization"] = start + Ec2Signer(self.secret).generate(request)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return urllib.request.Request(f"{self.cloud.url}{PATH}", data=body, headers=headers)

    def ask(self, action: str, sign=None, **parameters) -> ElementTree.Element:
        """What the action answers, without its namespaces."""
        request = (sign or self.version_2)({"Action": action, **parameters})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return ElementTree.fromstring(answer.read())

    def refusal(self, action: str, **parameters) -> tuple[int, str]:
        try:
            self.ask(action, **parameters)
        except urllib.error.HTTPError as error:
            return error.code, ElementTree.fromstring(error.read()).findtext(".//Code")
        raise AssertionError(f"{action} was answered")

    def state(self, stack: str = "amazon") -> str:
        return self.ask("DescribeStacks", StackName=stack).findtext(".//StackStatus")

    def outputs(self, stack: str = "amazon") -> dict:
        rows = self.ask("DescribeStacks", StackName=stack).iterfind(".//Outputs/member")
        return {row.findtext("OutputKey"): row.findtext("OutputValue") for row in rows}

    def credential(self):
        made = self.json("ec2", "credentials", "create")
        self.access, self.secret = made["access"], made["secret"]
        for sign in (self.version_2, self.version_4):
            assert list(self.ask("ListStacks", sign).iterfind(".//StackSummaries/member")) == [], sign

    def bad_signatures(self):
        good = self.access, self.secret
        strangers = {(self.access, "guessed"): "AccessDenied", ("nobody", self.secret): "InvalidClientTokenId"}
        for (self.access, self.secret), code in strangers.items():
            told = self.refusal("ListStacks")
            assert told == (403, code), told
        self.access, self.secret = good

    def looks_before(self):
        body = json.dumps(TEMPLATE)
        verdict = self.ask("ValidateTemplate", TemplateBody=body)
        assert verdict.findtext(".//Parameters/member/ParameterKey") == "Note", ElementTree.tostring(verdict)
        cost = self.ask("EstimateTemplateCost", TemplateBody=body)
        assert cost.findtext(".//Url").startswith("http"), ElementTree.tostring(cost)

    def create(self):
        words = {"StackName": "amazon", "TemplateBody": json.dumps(TEMPLATE), "TimeoutInMinutes": "5"}
        made = self.ask("CreateStack", self.version_4, **words)
        assert ":stacks/amazon/" in made.findtext(".//StackId"), ElementTree.tostring(made)
        eventually("CREATE_COMPLETE", lambda: self.state() == "CREATE_COMPLETE")
        address = self.outputs()["Address"]
        servers = self.json("server", "list")
        assert [address in row["Networks"]["shared"] for row in servers] == [True], servers

    def looks(self):
        rows = self.ask("ListStackResources", StackName="amazon").iterfind(".//member")
        assert sorted(row.findtext("LogicalResourceId") for row in rows) == NAMES
        rows = self.ask("DescribeStackResources", StackName="amazon").iterfind(".//member")
        assert {row.findtext("ResourceStatus") for row in rows} == {"CREATE_COMPLETE"}
        one = self.ask("DescribeStackResource", StackName="amazon", LogicalResourceId="guest")
        assert json.loads(one.findtext(".//Metadata")) == {"note": "first"}, ElementTree.tostring(one)
        events = self.ask("DescribeStackEvents", StackName="amazon").iterfind(".//StackEvents/member")
        assert {*NAMES, "amazon"} == {event.findtext("LogicalResourceId") for event in events}
        assert self.ask("GetTemplate", StackName="amazon").find(".//TemplateBody") is not None

    def update(self):
        words = {"StackName": "amazon", "TemplateBody": json.dumps(TEMPLATE)}
        words |= {"Parameters.member.1.ParameterKey": "Note", "Parameters.member.1.ParameterValue": "second"}
        self.ask("UpdateStack", self.version_4, **words)
        eventually("UPDATE_COMPLETE", lambda: self.state() == "UPDATE_COMPLETE")
        assert self.outputs()["Note"] == "second", self.outputs()

    def leads_out(self):
        template = vpc(str(engine.free_range()))
        self.ask("CreateStack", self.version_4, StackName="vpc", TemplateBody=json.dumps(template))
        eventually("CREATE_COMPLETE", lambda: self.state("vpc") == "CREATE_COMPLETE")
        address = self.outputs("vpc")["Address"]
        eventually("the guest at its elastic IP", lambda: reached_from_host(address), 20)
        self.ask("DeleteStack", StackName="vpc")
        eventually("no stack but the first", lambda: [row["Stack Name"] for row in self.json("stack", "list")] == ["amazon"])
        assert not reached_from_host(address), "an address that was given back"
        assert self.json("router", "list") == [] and self.json("floating", "ip", "list") == []

    def delete(self):
        self.ask("DeleteStack", StackName="amazon")
        eventually("no stack", lambda: self.json("stack", "list") == [])
        assert self.json("server", "list") == []
        self.openstack("ec2", "credentials", "delete", self.access)
        assert self.refusal("ListStacks") == (403, "InvalidClientTokenId")


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        story = CloudFormation(cloud, Path(folder))
        checks.run("a credential signs in version 2 and 4", story.credential)
        checks.run("a bad signature and an unknown key are refused", story.bad_signatures)
        checks.run("a template is validated and priced", story.looks_before)
        checks.run("a stack is made by signed requests", story.create)
        checks.run("a stack is described", story.looks)
        checks.run("a stack is updated by signed requests", story.update)
        checks.run("a VPC's guest is reached by its elastic IP", story.leads_out)
        checks.run("a stack is deleted, and a deleted key refused", story.delete)
