//! The stand-ins for `cfn-init`, `cfn-signal` and `cfn-hup`, and the hook of a first boot that
//! lays them down.

use super::word;

/// Name and text of each.
static TOOLS: &[(&str, &str)] = &[
    ("cfn-init", include_str!("cfn-init.sh")),
    ("cfn-signal", include_str!("cfn-signal.sh")),
    ("cfn-hup", include_str!("cfn-hup.sh")),
];

/// What `cfn-init` asks of other resources with.
const API: &str = include_str!("api.sh");

/// Lays down the tools, what `cfn-init` does, and where it finds that anew after an update.
pub(super) fn boothook(url: &str, init: &str) -> String {
    let lay = |path: &str, text: &str, mode: &str| {
        format!("printf %s {} >{path}\nchmod {mode} {path}\n", word(text))
    };
    let tools = TOOLS.iter().map(|(name, text)| {
        let path = format!("/opt/aws/bin/{name}");
        let link = format!("[ -e /usr/bin/{name} ] || ln -s {path} /usr/bin/{name}\n");
        lay(&path, text, "0755") + &link
    });
    [
        "#cloud-boothook\n#!/bin/sh\nmkdir -p /opt/aws/bin /var/lib/heat-cfntools\n".to_owned(),
        lay("/var/lib/heat-cfntools/init.sh", init, "0600"),
        lay("/var/lib/heat-cfntools/init-url", url, "0600"),
        lay("/var/lib/heat-cfntools/api.sh", API, "0644"),
    ]
    .into_iter()
    .chain(tools)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_reads_every_tool() {
        let texts = TOOLS.iter().map(|(_, text)| (*text).to_owned());
        for text in texts.chain([boothook("http://x/?a=1&b='2'", "echo 'it is'")]) {
            let status = std::process::Command::new("/bin/sh").args(["-n", "-c", &text]).status();
            assert!(status.unwrap().success(), "{text}");
        }
    }

    #[test]
    fn requests_are_signed_by_the_shell() {
        let query =
            "AWSAccessKeyId=guests&Action=ListStacks&SignatureMethod=HmacSHA256&SignatureVersion=2";
        let script = format!(
            "{API}\nbytes $(printf 'GET\\n127.0.0.1\\n/heat-api-cfn/v1/\\n{query}' | hmac secret) | base64"
        );
        let output = std::process::Command::new("/bin/sh").args(["-c", &script]).output().unwrap();
        let signature = String::from_utf8(output.stdout).unwrap();
        assert_eq!(signature, "KlCSHHY/Nf713/frKKYy/fnlybBSszXuIQLcL9xon3I=\n");
    }

    #[test]
    fn a_signal_says_what_the_options_say() {
        let signal = TOOLS[1].1.replace("send \"$body\"", "echo \"$body\"");
        let say = |options: &str| {
            let script = format!("set -- {options}\n{signal}");
            let output = std::process::Command::new("/bin/sh").args(["-c", &script]).output();
            String::from_utf8(output.unwrap().stdout).unwrap()
        };
        let said: serde_json::Value =
            serde_json::from_str(&say(r#"-e 2 -r 'no "disk"' -i web -d x 'http://h/?a=1'"#))
                .unwrap();
        let expected = serde_json::json!({
            "Status": "FAILURE", "Reason": "no \"disk\"", "UniqueId": "web", "Data": "x"});
        assert_eq!(said, expected);
        assert!(say("--success true --id i http://h").contains(r#""Status": "SUCCESS""#));
        assert!(say("--exit-code=0 --id i http://h").contains(r#""Status": "SUCCESS""#));
    }
}
