use super::*;

fn caller(roles: &[&str], project: &str) -> Caller {
    let mut caller = Caller::internal(&ProjectId::from(project), &UserId::from("u"));
    caller.roles = roles.iter().map(|role| (*role).to_owned()).collect();
    caller
}

fn holds(check: &str, caller: &Caller, target: &Target) -> bool {
    let rules = HashMap::from([("member".to_owned(), Check::parse("role:member").unwrap())]);
    Check::parse(check).unwrap().holds(caller, target, &rules)
}

#[test]
fn and_binds_stronger_than_or() {
    let reader = caller(&["reader"], "p");
    assert!(holds("role:reader or role:a and role:b", &reader, &Target::none()));
    assert!(!holds("(role:reader or role:a) and role:b", &reader, &Target::none()));
    assert!(holds("not role:a and role:reader", &reader, &Target::none()));
}

#[test]
fn a_member_acts_in_his_project_only() {
    let check = "role:member and project_id:%(project_id)s";
    let member = caller(&["member"], "p");
    assert!(holds(check, &member, &Target::project("p")));
    assert!(!holds(check, &member, &Target::project("q")));
    assert!(!holds(check, &member, &Target::none()));
}

#[test]
fn constants_rules_and_words_are_understood() {
    let member = caller(&["member"], "p");
    assert!(holds("rule:member", &member, &Target::none()));
    assert!(!holds("rule:unknown", &member, &Target::none()));
    assert!(holds(
        "'public':%(visibility)s",
        &member,
        &Target::none().with("visibility", "public")
    ));
    assert!(holds("", &member, &Target::none()));
    assert!(!holds("!", &member, &Target::none()));
    assert!(Check::parse("role:a and").is_err());
    assert!(Check::parse("(role:a").is_err());
}

#[test]
fn a_field_of_the_target_is_compared_whole_or_by_its_beginning() {
    let reader = caller(&["reader"], "p");
    let target =
        Target::none().with("router:external", "True").with("device_owner", "network:dhcp");
    assert!(holds("field:networks:router:external=True", &reader, &target));
    assert!(!holds("field:networks:shared=True", &reader, &target));
    assert!(holds("field:port:device_owner=~^network:", &reader, &target));
    assert!(!holds("field:port:device_owner=network:", &reader, &target));
    assert!(Check::parse("field:port").is_err());
}

#[test]
fn what_has_no_value_is_none_as_in_python() {
    let member = caller(&["member"], "p");
    assert!(holds("domain_id:None", &member, &Target::none()));
    assert!(holds("None:%(x)s", &member, &Target::none().with("x", "None")));
    assert!(!holds("None:%(x)s", &member, &Target::none().with("x", "d")));
    assert!(!holds("domain_id:%(x)s", &member, &Target::none()));
    assert!(holds("token.project.domain.id:default", &member, &Target::none()));
}

#[test]
fn the_operators_file_overrides_and_its_errors_name_the_line() {
    static RULES: &[Rule] = &[Rule { name: "a:b", check: "!", doc: "", operations: &[] }];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.yaml");
    std::fs::write(&file, "# mine\n\"a:b\": \"role:member\"\n").unwrap();
    let enforcer = Enforcer::new(&[RULES], Some(&file)).unwrap();
    assert!(enforcer.allows_name("a:b", &caller(&["member"], "p"), &Target::none()));
    std::fs::write(&file, "# mine\n\"a:b\": \"role:member and\"\n").unwrap();
    let error = Enforcer::new(&[RULES], Some(&file)).err().unwrap();
    assert!(error.public.contains("line 2"), "{error}");
}
