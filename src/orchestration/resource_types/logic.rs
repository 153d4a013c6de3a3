//! Which types the API shows. Hidden ones are in no list and are refused by name.

use kit::error::{Error, Result};
use regex::Regex;

use crate::resources::release::{self, Standing};
use crate::resources::{self, Plugin};

/// What a list is cut to.
pub(super) struct Filter<'a> {
    /// A pattern that the name begins with.
    pub(super) name: Option<&'a str>,
    /// The standing.
    pub(super) standing: Option<&'a str>,
    /// The release that gave it that standing.
    pub(super) version: Option<&'a str>,
}

/// The types that pass, by name.
pub(super) fn list(filter: &Filter<'_>) -> Result<Vec<&'static dyn Plugin>> {
    // Heat knows one more word, which no type has.
    let standing = match filter.standing {
        Some(word) if word != "UNKNOWN" => Some(Standing::named(word).ok_or_else(unknown)?),
        Some(_) => return Ok(Vec::new()),
        None => None,
    };
    let pattern = match filter.name.map(|name| Regex::new(&format!("^(?:{name})"))) {
        Some(Ok(pattern)) => Some(pattern),
        // Heat: what is no pattern matches nothing.
        Some(Err(_)) => return Ok(Vec::new()),
        None => None,
    };
    let passes = |plugin: &&'static dyn Plugin| {
        let (own, since) = placed(plugin.name());
        own != Standing::Hidden
            && standing.is_none_or(|wanted| wanted == own)
            && filter.version.is_none_or(|wanted| wanted == since)
            && pattern.as_ref().is_none_or(|pattern| pattern.is_match(plugin.name()))
    };
    let mut passing: Vec<_> = resources::all().filter(passes).collect();
    passing.sort_unstable_by_key(|plugin| plugin.name());
    Ok(passing)
}

/// Standing and release; types that are not Heat's own are as good as any.
fn placed(name: &str) -> (Standing, &'static str) {
    release::find(name).map_or((Standing::Supported, ""), |row| (row.standing, row.since))
}

fn unknown() -> Error {
    Error::bad_request(
        "Data supplied was not valid: Invalid support status and should be one of ('UNKNOWN', \
         'SUPPORTED', 'DEPRECATED', 'UNSUPPORTED', 'HIDDEN')",
    )
    .tag("Invalid")
}

/// The type of that name.
pub(super) fn find(name: &str) -> Result<&'static dyn Plugin> {
    let plugin = resources::named(name).map_err(|error| {
        if error.is_validation() {
            Error::not_found(error.message()).tag("EntityNotFound")
        } else {
            error.into()
        }
    })?;
    if placed(name).0 == Standing::Hidden {
        return Err(Error::bad_request(format!("{name} is not supported.")).tag("NotSupported"));
    }
    Ok(plugin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(filter: &Filter<'_>) -> Vec<&'static str> {
        list(filter).unwrap().into_iter().map(Plugin::name).collect()
    }

    const ALL: Filter<'_> = Filter { name: None, standing: None, version: None };

    #[test]
    fn placeholders_are_in_no_list() {
        assert!(names(&ALL).contains(&"OS::Heat::None"));
        assert!(!names(&ALL).contains(&"OS::Senlin::Node"));
        assert_eq!(find("OS::Senlin::Node").err().unwrap().tag, "NotSupported");
    }

    #[test]
    fn a_list_is_cut_by_pattern_standing_and_release() {
        let filter = Filter { name: Some("OS::Heat::(None|Value)$"), ..ALL };
        assert_eq!(names(&filter), ["OS::Heat::None", "OS::Heat::Value"]);
        assert_eq!(names(&Filter { version: Some("7.0.0"), ..filter }), ["OS::Heat::Value"]);
        assert!(names(&Filter { name: Some("("), ..ALL }).is_empty());
        let unsupported = names(&Filter { standing: Some("UNSUPPORTED"), ..ALL });
        assert_eq!(unsupported, ["OS::Neutron::ExtraRoute"]);
        assert_eq!(list(&Filter { standing: Some("GOOD"), ..ALL }).err().unwrap().tag, "Invalid");
    }

    #[test]
    fn a_type_of_an_absent_service_is_refused_otherwise_than_one_that_nobody_knows() {
        assert_eq!(find("OS::Cinder::Volume").err().unwrap().tag, "ResourceTypeUnavailable");
        assert_eq!(find("OS::Nope").err().unwrap().tag, "EntityNotFound");
    }
}
