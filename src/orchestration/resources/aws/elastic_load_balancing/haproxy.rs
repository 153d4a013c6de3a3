//! PURE: what a load balancer's guest is told: the configuration of `HAProxy`, and how it is taken.

use std::fmt::Write;

use serde_json::{Map, Value};

/// The script that gives a guest its configuration. A wrong one is refused before it is in place;
/// what is established outlives the change.
pub(super) fn script(properties: &Map<String, Value>, servers: &[String]) -> String {
    let config = config(properties, servers);
    format!(
        "#!/bin/sh\n\
         set -e\n\
         config=/etc/haproxy/haproxy.cfg\n\
         pid=/run/haproxy.pid\n\
         mkdir -p /etc/haproxy\n\
         cat >$config.new <<'END_OF_CONFIG'\n\
         {config}\
         END_OF_CONFIG\n\
         haproxy -c -q -f $config.new\n\
         mv $config.new $config\n\
         [ ! -s $pid ] || kill -USR2 \"$(cat $pid)\"\n\
         tries=100\n\
         until [ -s $pid ]; do\n\
         tries=$((tries - 1))\n\
         [ $tries -gt 0 ] || {{ echo 'HAProxy does not start.' >&2; exit 1; }}\n\
         sleep 0.1\n\
         done\n"
    )
}

/// A frontend and a backend for each listener.
fn config(properties: &Map<String, Value>, servers: &[String]) -> String {
    let listeners = properties.get("Listeners").and_then(Value::as_array);
    let health = properties.get("HealthCheck").filter(|health| health.is_object());
    let mut text = "global\n    maxconn 256\n\
                    defaults\n    timeout connect 5s\n    timeout client 50s\n    timeout server 50s\n"
        .to_owned();
    for (index, listener) in listeners.into_iter().flatten().enumerate() {
        text += &section(index, listener, health, servers);
    }
    text
}

fn section(index: usize, listener: &Value, health: Option<&Value>, servers: &[String]) -> String {
    let number = |key: &str| listener.get(key).map(plain).unwrap_or_default();
    let is_http = listener.get("Protocol").is_some_and(|protocol| protocol == "HTTP");
    let mode = if is_http { "http" } else { "tcp" };
    let (outer, inner) = (number("LoadBalancerPort"), number("InstancePort"));
    let mut text = format!(
        "frontend listener{index}\n    mode {mode}\n    bind *:{outer}\n    \
         default_backend servers{index}\n\
         backend servers{index}\n    mode {mode}\n    balance roundrobin\n"
    );
    if is_http {
        text += "    option http-server-close\n    option forwardfor\n";
    }
    let check = health.map(Check::of);
    if let Some(check) = &check {
        text += &check.options;
    }
    let words = check.map(|check| check.words).unwrap_or_default();
    for (place, address) in servers.iter().enumerate() {
        // Writing to a text does not fail.
        let _ = writeln!(text, "    server server{} {address}:{inner}{words}", place + 1);
    }
    text
}

/// How servers are looked at.
struct Check {
    /// Lines of the backend.
    options: String,
    /// What each server's line ends with.
    words: String,
}

impl Check {
    fn of(health: &Value) -> Self {
        let number = |key: &str| health.get(key).map(plain).unwrap_or_default();
        let target = health.get("Target").and_then(Value::as_str).unwrap_or_default();
        let (protocol, rest) = target.split_once(':').unwrap_or(("", target));
        let (port, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut options = format!("    timeout check {}s\n", number("Timeout"));
        if protocol.eq_ignore_ascii_case("http") {
            let path = path.replace([' ', '\n'], "");
            options.extend(["    option httpchk GET /", &path, "\n"]);
        }
        let port: Option<u16> = port.parse().ok();
        let port = port.map(|port| format!(" port {port}")).unwrap_or_default();
        let (interval, fall, rise) =
            (number("Interval"), number("UnhealthyThreshold"), number("HealthyThreshold"));
        let words = format!(" check{port} inter {interval}s fall {fall} rise {rise}");
        Self { options, words }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn properties() -> Map<String, Value> {
        let properties = json!({
            "Listeners": [
                {"LoadBalancerPort": 80, "InstancePort": 8080, "Protocol": "HTTP"},
                {"LoadBalancerPort": 25, "InstancePort": 25, "Protocol": "TCP"}],
            "HealthCheck": {"Target": "HTTP:8081/alive", "Interval": 30, "Timeout": 5,
                "UnhealthyThreshold": 4, "HealthyThreshold": 3}});
        properties.as_object().unwrap().clone()
    }

    #[test]
    fn every_listener_has_a_frontend_and_all_servers() {
        let text = config(&properties(), &["10.0.0.1".to_owned(), "10.0.0.2".to_owned()]);
        for line in [
            "    bind *:80\n",
            "    bind *:25\n",
            "    option httpchk GET /alive\n",
            "    timeout check 5s\n",
            "    server server2 10.0.0.2:8080 check port 8081 inter 30s fall 4 rise 3\n",
            "    server server1 10.0.0.1:25 check",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn the_shell_reads_the_script() {
        let script = script(&properties(), &[]);
        let status = std::process::Command::new("/bin/sh").args(["-n", "-c", &script]).status();
        assert!(status.unwrap().success(), "{script}");
    }
}
