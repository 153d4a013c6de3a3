use super::*;

fn guest(power: Power, attachments: &[(&str, &str)]) -> Observed {
    let attachment = |(network, address): &(&str, &str)| Attachment {
        network: (*network).to_owned(),
        addresses: vec![address.parse().unwrap()],
        mac: String::new(),
        up: true,
    };
    Observed {
        name: "nova-1".to_owned(),
        engine_id: String::new(),
        labels: BTreeMap::new(),
        power,
        exit_code: None,
        out_of_memory: false,
        started_at: None,
        finished_at: None,
        image_id: String::new(),
        pid: None,
        limits: kit::engine::Limits::default(),
        attachments: attachments.iter().map(attachment).collect(),
    }
}

fn wish(address: Option<&str>) -> Wish {
    let leading = |address: &str| Leading {
        port: "port".into(),
        network: "net".into(),
        address: address.parse().unwrap(),
        mac: "fa:16:3e:00:00:01".to_owned(),
    };
    Wish {
        external: ["public".to_owned()].into(),
        leading: address
            .map(|address| ("public".to_owned(), leading(address)))
            .into_iter()
            .collect(),
    }
}

/// What is done, as `-network` and `+address`.
fn done(guest: &Observed, wish: &Wish) -> Vec<String> {
    let word = |change| match change {
        Change::Detach(network) => format!("-{network}"),
        Change::Attach(attachment) => format!("+{}", attachment.addresses[0]),
    };
    changes(guest, wish).into_iter().map(word).collect()
}

#[test]
fn a_guest_that_runs_has_what_leads_to_it_and_nothing_else() {
    let inside = ("inside", "10.0.0.5");
    let (old, new) = (("public", "172.24.4.9"), ("public", "172.24.4.10"));
    let to_new = wish(Some("172.24.4.10"));
    let runs = |attachments: &[(&str, &str)]| guest(Power::Running, attachments);
    assert_eq!(done(&runs(&[inside]), &to_new), ["+172.24.4.10"]);
    assert_eq!(done(&runs(&[inside, new]), &to_new), [""; 0]);
    assert_eq!(done(&runs(&[inside, old]), &to_new), ["-public", "+172.24.4.10"]);
    assert_eq!(done(&runs(&[inside, old]), &wish(None)), ["-public"]);
    assert_eq!(done(&runs(&[inside]), &wish(None)), [""; 0]);
}

#[test]
fn one_at_rest_only_loses() {
    let old = ("public", "172.24.4.9");
    let rests = |attachments: &[(&str, &str)]| guest(Power::Stopped, attachments);
    assert_eq!(done(&rests(&[old]), &wish(Some("172.24.4.10"))), ["-public"]);
    assert_eq!(done(&rests(&[]), &wish(Some("172.24.4.10"))), [""; 0]);
}
