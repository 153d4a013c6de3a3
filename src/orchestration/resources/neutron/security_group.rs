//! `OS::Neutron::SecurityGroup`: a security group with its rules.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::{attribute, delegate, resolve};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct SecurityGroup;

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

impl Plugin for SecurityGroup {
    fn name(&self) -> &'static str {
        "OS::Neutron::SecurityGroup"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("name")
                .updatable()
                .described("A string specifying a symbolic name for the security group, which is not required to be unique."),
            Property::string("description").updatable().described("Description of the security group."),
            Property::boolean("stateful")
                .updatable()
                .described("Whether to create this security group as stateful or stateless."),
            Property::list("rules")
                .default(Vec::<Value>::new())
                .updatable()
                .of(Property::map("*").with([
                    Property::string("direction").default("ingress").allowed(["ingress", "egress"]),
                    Property::string("ethertype").default("IPv4").allowed(["IPv4", "IPv6"]),
                    Property::integer("port_range_min").range(0, 65_535),
                    Property::integer("port_range_max").range(0, 65_535),
                    Property::string("protocol"),
                    Property::string("remote_mode")
                        .default("remote_ip_prefix")
                        .allowed(["remote_ip_prefix", "remote_group_id"]),
                    Property::string("remote_group_id").custom("neutron.security_group"),
                    Property::string("remote_ip_prefix").custom("net_cidr"),
                    Property::string("description"),
                ]))
                .described("List of security group rules."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let mut given = Map::new();
        given.insert("name".to_owned(), Value::String(act.thing_name(255)));
        for name in ["description", "stateful"] {
            let value = act.resource.properties.get(name).filter(|value| !value.is_null());
            given.extend(value.map(|value| (name.to_owned(), value.clone())));
        }
        let made = delegate(act).create(Kind::SecurityGroup, given)?;
        let id = made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        act.resource.physical = Some(id);
        let rules = act.resource.properties.get("rules").cloned().unwrap_or_default();
        lay_down(act, &rules, &made)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let id = act.physical().to_owned();
        let mut given = properties.clone();
        given.retain(|name, value| name != "rules" && changed.contains(name) && !value.is_null());
        if !given.is_empty() {
            delegate(act).update(Kind::SecurityGroup, &id, given)?;
        }
        if changed.iter().any(|name| name == "rules") {
            let rules = properties.get("rules").cloned().unwrap_or_default();
            replace_rules(act, &rules)?;
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::SecurityGroup, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::SecurityGroup, act.physical()).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(Kind::SecurityGroup, look, name)
    }
}

fn list(rules: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    rules.as_array().into_iter().flatten().filter_map(Value::as_object)
}

fn is_egress(rule: &Map<String, Value>) -> bool {
    rule.get("direction").and_then(Value::as_str) == Some("egress")
}

fn has_egress(rules: &Value) -> bool {
    list(rules).any(is_egress)
}

/// Gives the group these rules and no others.
pub(in crate::resources) fn replace_rules(act: &Act<'_>, rules: &Value) -> Result<()> {
    let id = act.physical();
    let shown = delegate(act).show(Kind::SecurityGroup, id)?;
    take_away(act, &shown, |_| true)?;
    let bare = delegate(act).show(Kind::SecurityGroup, id)?;
    lay_down(act, rules, &bare)?;
    if has_egress(rules) { Ok(()) } else { allow_egress(act, id) }
}

/// Adds the rules. Heat: a template that says what may go out takes away what may by default.
pub(in crate::resources) fn lay_down(act: &Act<'_>, rules: &Value, group: &Value) -> Result<()> {
    if has_egress(rules) {
        take_away(act, group, is_egress)?;
    }
    let id = act.physical();
    for rule in list(rules) {
        let mut given = rule.clone();
        given.retain(|_, value| !value.is_null());
        let by_group = given.remove("remote_mode").is_some_and(|mode| mode == "remote_group_id");
        if by_group {
            // Heat: without a name the group itself is meant.
            let other = given.get("remote_group_id").and_then(Value::as_str).unwrap_or(id);
            let other = resolve(&delegate(act), Kind::SecurityGroup, other)?;
            given.insert("remote_group_id".to_owned(), Value::String(other));
        }
        given.insert("security_group_id".to_owned(), Value::from(id));
        delegate(act).create(Kind::SecurityGroupRule, given)?;
    }
    Ok(())
}

/// Removes those rules of a group that `which` names.
fn take_away(
    act: &Act<'_>,
    group: &Value,
    which: impl Fn(&Map<String, Value>) -> bool,
) -> Result<()> {
    let rules = group.get("security_group_rules").cloned().unwrap_or_default();
    for rule in list(&rules).filter(|rule| which(rule)) {
        let id = rule.get("id").and_then(Value::as_str).unwrap_or_default();
        gone_is_fine(delegate(act).delete(Kind::SecurityGroupRule, id))?;
    }
    Ok(())
}

/// What every new group has: everything may go out.
fn allow_egress(act: &Act<'_>, id: &str) -> Result<()> {
    for ethertype in ["IPv4", "IPv6"] {
        let words = [("direction", "egress"), ("ethertype", ethertype), ("security_group_id", id)];
        let given = words.map(|(name, word)| (name.to_owned(), Value::from(word)));
        delegate(act).create(Kind::SecurityGroupRule, Map::from_iter(given))?;
    }
    Ok(())
}
