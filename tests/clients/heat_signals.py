"""Guests that signal, and scripts deployed to guests, with the `openstack` command itself; on real containers."""

import tempfile
from pathlib import Path

from checks import eventually
from story import Story

SERVER = """
  server:
    type: OS::Nova::Server
    properties:
      image: novadock/tiny
      flavor: m1.nano
      networks: [{network: shared}]
"""

WAITING = (
    """
heat_template_version: 2018-08-31
resources:
  handle: {type: OS::Heat::WaitConditionHandle}
  signed: {type: AWS::CloudFormation::WaitConditionHandle}
  ready:
    type: OS::Heat::WaitCondition
    properties: {handle: {get_resource: handle}, timeout: 120, count: 2}
  told:
    type: AWS::CloudFormation::WaitCondition
    properties: {Handle: {get_resource: signed}, Timeout: 120}
"""
    + SERVER
    + """
      user_data_format: RAW
      user_data:
        str_replace:
          template: |
            #!/bin/sh
            post() { wget -q -O- --header 'X-Auth-Token: TOKEN' --header 'Content-Type: application/json' --post-data "$1" "$2"; }
            post '{"status": "SUCCESS", "data": "up", "id": "a"}' ENDPOINT
            post '{"status": "SUCCESS", "id": "b"}' ENDPOINT
            post '{"Status": "SUCCESS", "Reason": "r", "Data": "d", "UniqueId": "u"}' 'SIGNED'
          params:
            TOKEN: {get_attr: [handle, token]}
            ENDPOINT: {get_attr: [handle, endpoint]}
            SIGNED: {get_resource: signed}
outputs:
  data: {value: {get_attr: [ready, data]}}
  told: {value: {get_attr: [told, Data]}}
"""
)

CFNTOOLS = (
    """
heat_template_version: 2018-08-31
resources:
  signed: {type: AWS::CloudFormation::WaitConditionHandle}
  told:
    type: AWS::CloudFormation::WaitCondition
    properties: {Handle: {get_resource: signed}, Timeout: 120}
"""
    + SERVER.replace(
        "    properties:",
        """    metadata:
      AWS::CloudFormation::Init:
        config:
          files: {/srv/page: {content: hello from init, mode: '000644'}}
          commands: {one: {command: cp /srv/page /srv/copy}}
    properties:""",
    )
    + """
      user_data:
        str_replace:
          template: |
            #!/bin/sh
            cfn-init -s STACK -r server --region here
            cfn-signal -e $? -d "$(cat /srv/copy)" -i one 'SIGNED'
          params: {SIGNED: {get_resource: signed}, STACK: {get_param: 'OS::stack_name'}}
outputs:
  told: {value: {get_attr: [told, Data]}}
"""
)

KEYED = (
    """
heat_template_version: 2018-08-31
resources:
  signed: {type: AWS::CloudFormation::WaitConditionHandle}
  told:
    type: AWS::CloudFormation::WaitCondition
    properties: {Handle: {get_resource: signed}, Timeout: 120}
  user: {type: AWS::IAM::User}
  key: {type: AWS::IAM::AccessKey, properties: {UserName: {get_resource: user}}}
  recipe:
    type: OS::Heat::Value
    properties: {value: recipe}
    metadata:
      AWS::CloudFormation::Init:
        config: {files: {/srv/page: {content: hello from another, mode: '000644'}}}
"""
    + SERVER
    + """
      user_data_format: HEAT_CFNTOOLS
      user_data:
        str_replace:
          template: |
            #!/bin/sh
            cfn-init -s STACK -r recipe --region here --access-key ACCESS --secret-key SECRET
            cfn-signal -e $? -d "$(cat /srv/page)" -i one 'SIGNED'
          params:
            SIGNED: {get_resource: signed}
            STACK: {get_param: 'OS::stack_name'}
            ACCESS: {get_resource: key}
            SECRET: {get_attr: [key, SecretAccessKey]}
outputs:
  told: {value: {get_attr: [told, Data]}}
"""
)

IN_PERSON = (
    """
heat_template_version: 2018-08-31
resources:
  handle: {type: OS::Heat::WaitConditionHandle, properties: {signal_transport: HEAT_SIGNAL}}
  ready:
    type: OS::Heat::WaitCondition
    properties: {handle: {get_resource: handle}, timeout: 120}
"""
    + SERVER
    + """
      user_data_format: RAW
      user_data:
        str_replace:
          template: |
            #!/bin/sh
            said() { sed 's/.*"'"$1"'": *"\\([^"]*\\)".*/\\1/' <<'END'
            CREDENTIALS
            END
            }
            post() { wget -q -S -O- --header 'Content-Type: application/json' --header "X-Auth-Token: $token" --post-data "$1" "$2" 2>&1; }
            user="{\\"id\\": \\"$(said user_id)\\", \\"password\\": \\"$(said password)\\"}"
            identity="{\\"methods\\": [\\"password\\"], \\"password\\": {\\"user\\": $user}}"
            scope="{\\"project\\": {\\"id\\": \\"$(said project_id)\\"}}"
            answer=$(post "{\\"auth\\": {\\"identity\\": $identity, \\"scope\\": $scope}}" "$(said auth_url)/auth/tokens")
            token=$(printf %s "$answer" | tr -d '\\r' | sed -n 's/.*[Xx]-[Ss]ubject-[Tt]oken: *//p')
            post '{"status": "SUCCESS", "data": "in person", "id": "u"}' "$(said alarm_url)"
          params: {CREDENTIALS: {get_attr: [handle, signal]}}
outputs:
  data: {value: {get_attr: [ready, data]}}
"""
)

DEPLOYED = (
    """
heat_template_version: 2018-08-31
parameters:
  greeting: {type: string, default: hello}
  code: {type: string, default: '0'}
resources:
  config:
    type: OS::Heat::SoftwareConfig
    properties:
      group: script
      inputs: [{name: greeting}, {name: code}]
      outputs: [{name: result}]
      config: |
        #!/bin/sh
        echo "said $greeting on $(hostname)"
        echo "no disk for $greeting" >&2
        printf '%s-%s' "$greeting" "$deploy_action" >"$heat_outputs_path.result"
        exit "$code"
  deployment:
    type: OS::Heat::SoftwareDeployment
    properties:
      config: {get_resource: config}
      server: {get_resource: server}
      input_values: {greeting: {get_param: greeting}, code: {get_param: code}}
"""
    + SERVER
    + """
      user_data_format: SOFTWARE_CONFIG
outputs:
  result: {value: {get_attr: [deployment, result]}}
  stdout: {value: {get_attr: [deployment, deploy_stdout]}}
"""
)


class Signals(Story):
    """Every check has a stack of its own."""

    def __init__(self, cloud, folder: Path):
        super().__init__(cloud, folder)
        self.folder = folder

    def create(self, name: str, template: str, *words: str) -> None:
        file = self.folder / f"{name}.yaml"
        file.write_text(template)
        self.openstack("stack", "create", "-t", str(file), *words, name)

    def stack(self, name: str, *states: str):
        def ended():
            shown = self.json("stack", "show", name)
            return shown if shown["stack_status"] in states else None

        return eventually(f"{name} in {states}", ended, 120)

    def output(self, stack: str, name: str) -> str:
        return self.json("stack", "output", "show", stack, name)["output_value"]

    def delete(self, name: str) -> None:
        self.openstack("stack", "delete", "--yes", "--wait", name)

    def waits(self):
        self.create("waiting", WAITING)
        self.stack("waiting", "CREATE_COMPLETE")
        assert self.output("waiting", "data") == '{"a": "up", "b": null}', self.output("waiting", "data")
        assert self.output("waiting", "told") == '{"u": "d"}', self.output("waiting", "told")
        events = self.openstack("stack", "event", "list", "waiting")
        assert events.count("SIGNAL_COMPLETE") == 3, events
        self.delete("waiting")

    def tools(self):
        self.create("tools", CFNTOOLS)
        self.stack("tools", "CREATE_COMPLETE")
        assert self.output("tools", "told") == '{"one": "hello from init"}', self.output("tools", "told")
        self.delete("tools")

    def tells_of_another(self):
        self.create("keyed", KEYED)
        self.stack("keyed", "CREATE_COMPLETE")
        assert self.output("keyed", "told") == '{"one": "hello from another"}', self.output("keyed", "told")
        self.delete("keyed")

    def in_person(self):
        self.create("person", IN_PERSON)
        self.stack("person", "CREATE_COMPLETE")
        assert self.output("person", "data") == '{"u": "in person"}', self.output("person", "data")
        self.delete("person")

    def fails_by_signal(self):
        self.create("told", WAITING.replace('"SUCCESS", "id": "b"', '"FAILURE", "id": "b", "reason": "no disk"'))
        shown = self.stack("told", "CREATE_FAILED")
        assert "WaitConditionFailure: resources.ready: no disk" in shown["stack_status_reason"], shown
        self.delete("told")

    def signalled_by_hand(self):
        self.create("hand", WAITING.replace("post '", ": '"))
        self.stack("hand", "CREATE_IN_PROGRESS")
        ready = lambda: self.json("stack", "resource", "show", "hand", "handle")["resource_status"] == "CREATE_COMPLETE"
        eventually("the handle", ready)
        self.openstack("stack", "resource", "signal", "--data", '{"status": "FAILURE", "reason": "by hand"}', "hand", "handle")
        shown = self.stack("hand", "CREATE_FAILED")
        assert "by hand" in shown["stack_status_reason"], shown
        self.delete("hand")

    def deploys(self):
        self.create("deployed", DEPLOYED)
        self.stack("deployed", "CREATE_COMPLETE")
        assert self.output("deployed", "result") == "hello-CREATE"
        assert self.output("deployed", "stdout").startswith("said hello on deployed-server-")
        self.openstack("stack", "update", "--existing", "--parameter", "greeting=bye", "--wait", "deployed")
        assert self.output("deployed", "result") == "bye-UPDATE"
        self.openstack("software", "deployment", "list")
        self.openstack("software", "config", "list")
        self.delete("deployed")

    def fails_by_script(self):
        self.create("broken", DEPLOYED, "--parameter", "code=3")
        reason = self.stack("broken", "CREATE_FAILED")["stack_status_reason"]
        assert "Deployment exited with non-zero status code: 3" in reason, reason
        assert "no disk for hello" in reason, reason
        self.delete("broken")

    def by_command(self):
        script = self.folder / "script"
        script.write_text("#!/bin/sh\necho by command\n")
        words = ("software", "config", "create", "--group", "script", "--config-file", str(script), "plain")
        config = self.json(*words)["id"]
        self.create("alone", "heat_template_version: 2018-08-31\nresources:" + SERVER)
        self.stack("alone", "CREATE_COMPLETE")
        server = self.json("stack", "resource", "show", "alone", "server")["physical_resource_id"]
        words = ("--config", config, "--server", server, "--signal-transport", "NO_SIGNAL", "once")
        made = self.json("software", "deployment", "create", *words)
        show = lambda: self.json("software", "deployment", "show", made["id"], "--long")
        said = lambda: (show()["output_values"] or {}).get("deploy_stdout")
        eventually("the deployment", lambda: said() == "by command\n")
        self.openstack("software", "deployment", "metadata", "show", server)
        self.openstack("software", "deployment", "output", "show", made["id"], "--all")
        self.openstack("software", "deployment", "delete", made["id"])
        self.openstack("software", "config", "delete", config)
        self.delete("alone")


def run(cloud, checks):
    with tempfile.TemporaryDirectory() as folder:
        signals = Signals(cloud, Path(folder))
        checks.run("a guest signals by token and by signed URL", signals.waits)
        checks.run("a guest has cfn-init and cfn-signal", signals.tools)
        checks.run("cfn-init does what another resource's metadata say, with a key", signals.tells_of_another)
        checks.run("a user of the stack logs in and signals", signals.in_person)
        checks.run("a guest's failure fails the stack", signals.fails_by_signal)
        checks.run("a stack is signalled by hand", signals.signalled_by_hand)
        checks.run("a script is deployed with inputs and outputs", signals.deploys)
        checks.run("a script that fails fails the stack with its words", signals.fails_by_script)
        checks.run("a config is deployed by command", signals.by_command)
