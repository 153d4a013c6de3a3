//! The thirteen versions of the language, and what each calls its parts.
//!
//! **Invariant:** the rows of [`ALL`] stand in the order of [`Edition`], oldest first within HOT,
//! so that the functions of a version are a range ([`mod@super::functions`]).

use serde_json::{Map, Value};

use super::error::{Error, Result};

/// A version of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// `CloudFormation`.
    Aws20100909,
    /// `CloudFormation` without conditions.
    Heat20121212,
    /// The first HOT, with most functions of `CloudFormation`.
    Hot20130523,
    /// Juno: HOT's own functions only.
    Hot20141016,
    /// Kilo.
    Hot20150430,
    /// Liberty.
    Hot20151015,
    /// Mitaka.
    Hot20160408,
    /// Newton: conditions.
    Hot20161014,
    /// Ocata.
    Hot20170224,
    /// Pike.
    Hot20170901,
    /// Queens.
    Hot20180302,
    /// Rocky.
    Hot20180831,
    /// Wallaby.
    Hot20210416,
}

/// One version as the API lists it.
#[derive(Debug)]
pub struct Version {
    /// The version.
    pub edition: Edition,
    /// The key of the template that names it.
    pub key: &'static str,
    /// Its value.
    pub date: &'static str,
    /// The other value that means the same.
    pub alias: Option<&'static str>,
}

const AWS: &str = "AWSTemplateFormatVersion";
const HEAT: &str = "HeatTemplateFormatVersion";
const HOT: &str = "heat_template_version";

/// Every version, in the order in which the API lists them.
#[rustfmt::skip]
pub static ALL: &[Version] = &[
    Version { edition: Edition::Aws20100909, key: AWS, date: "2010-09-09", alias: None },
    Version { edition: Edition::Heat20121212, key: HEAT, date: "2012-12-12", alias: None },
    Version { edition: Edition::Hot20130523, key: HOT, date: "2013-05-23", alias: None },
    Version { edition: Edition::Hot20141016, key: HOT, date: "2014-10-16", alias: None },
    Version { edition: Edition::Hot20150430, key: HOT, date: "2015-04-30", alias: None },
    Version { edition: Edition::Hot20151015, key: HOT, date: "2015-10-15", alias: None },
    Version { edition: Edition::Hot20160408, key: HOT, date: "2016-04-08", alias: None },
    Version { edition: Edition::Hot20161014, key: HOT, date: "2016-10-14", alias: Some("newton") },
    Version { edition: Edition::Hot20170224, key: HOT, date: "2017-02-24", alias: Some("ocata") },
    Version { edition: Edition::Hot20170901, key: HOT, date: "2017-09-01", alias: Some("pike") },
    Version { edition: Edition::Hot20180302, key: HOT, date: "2018-03-02", alias: Some("queens") },
    Version { edition: Edition::Hot20180831, key: HOT, date: "2018-08-31", alias: Some("rocky") },
    Version { edition: Edition::Hot20210416, key: HOT, date: "2021-04-16", alias: Some("wallaby") },
];

/// What a flavour of the language calls the parts of a template.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) description: &'static str,
    pub(crate) parameters: &'static str,
    pub(crate) mappings: Option<&'static str>,
    pub(crate) groups: Option<&'static str>,
    pub(crate) conditions: &'static str,
    pub(crate) resources: &'static str,
    pub(crate) outputs: &'static str,
    /// Of a resource.
    pub(crate) kind: &'static str,
    pub(crate) properties: &'static str,
    pub(crate) metadata: &'static str,
    pub(crate) depends_on: &'static str,
    pub(crate) deletion_policy: &'static str,
    pub(crate) update_policy: &'static str,
    pub(crate) condition: &'static str,
    pub(crate) external_id: Option<&'static str>,
    /// Of an output.
    pub(crate) value: &'static str,
}

static HOT_WORDS: Words = Words {
    description: "description",
    parameters: "parameters",
    mappings: None,
    groups: Some("parameter_groups"),
    conditions: "conditions",
    resources: "resources",
    outputs: "outputs",
    kind: "type",
    properties: "properties",
    metadata: "metadata",
    depends_on: "depends_on",
    deletion_policy: "deletion_policy",
    update_policy: "update_policy",
    condition: "condition",
    external_id: Some("external_id"),
    value: "value",
};

static CFN_WORDS: Words = Words {
    description: "Description",
    parameters: "Parameters",
    mappings: Some("Mappings"),
    groups: None,
    conditions: "Conditions",
    resources: "Resources",
    outputs: "Outputs",
    kind: "Type",
    properties: "Properties",
    metadata: "Metadata",
    depends_on: "DependsOn",
    deletion_policy: "DeletionPolicy",
    update_policy: "UpdatePolicy",
    condition: "Condition",
    external_id: None,
    value: "Value",
};

impl Edition {
    /// Whether it is one of HOT's.
    pub fn is_hot(self) -> bool {
        self >= Self::Hot20130523
    }

    /// Whether it has conditions, and the keys that came with them.
    pub fn has_conditions(self) -> bool {
        self == Self::Aws20100909 || self >= Self::Hot20161014
    }

    pub(crate) fn words(self) -> &'static Words {
        if self.is_hot() { &HOT_WORDS } else { &CFN_WORDS }
    }

    /// The sections that a template of it may have.
    pub(crate) fn has_section(self, name: &str) -> bool {
        let words = self.words();
        let version = if self.is_hot() { name == HOT } else { name == AWS || name == HEAT };
        let plain = [words.description, words.parameters, words.resources, words.outputs];
        version
            || plain.contains(&name)
            || words.mappings == Some(name)
            || words.groups == Some(name)
            || (self.has_conditions() && name == words.conditions)
    }

    /// The keys that a resource of it may have.
    pub(crate) fn resource_keys(self) -> Vec<&'static str> {
        let words = self.words();
        let mut keys = vec![
            words.kind,
            words.properties,
            words.metadata,
            words.depends_on,
            words.deletion_policy,
            words.update_policy,
            words.description,
        ];
        if self.has_conditions() {
            keys.extend(words.external_id);
            keys.push(words.condition);
        }
        keys
    }
}

impl Version {
    /// The version that `GET /template_versions` names so: `heat_template_version.2018-08-31`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let (key, date) = name.split_once('.')?;
        Self::of(key, date)
    }

    /// The name that the API gives it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.key, self.date)
    }

    fn of(key: &str, date: &str) -> Option<&'static Self> {
        ALL.iter().find(|row| row.key == key && (row.date == date || row.alias == Some(date)))
    }
}

/// Whether one of the three keys that can name a version is there.
pub(crate) fn names_version(sections: &Map<String, Value>) -> bool {
    [HEAT, HOT, AWS].iter().any(|key| sections.contains_key(*key))
}

/// The version that the template names.
pub(crate) fn edition(sections: &Map<String, Value>) -> Result<Edition> {
    let named = |key: &&'static str| Some((*key, sections.get(*key)?.as_str()?));
    let named: Vec<_> = [AWS, HEAT, HOT].iter().filter_map(named).collect();
    match named.as_slice() {
        [] => Err(Error::version("Template version was not provided")),
        [(key, date)] => match Version::of(key, date) {
            Some(version) => Ok(version.edition),
            None => Err(unknown(key, date)),
        },
        several => {
            let keys: Vec<_> = several.iter().map(|(key, _)| *key).collect();
            Err(Error::version(format!("Ambiguous versions ({})", keys.join(", "))))
        }
    }
}

fn unknown(key: &str, date: &str) -> Error {
    let rows = || ALL.iter().filter(|row| row.key == key);
    let dates = rows().map(|row| row.date);
    let mut known: Vec<_> = dates.chain(rows().filter_map(|row| row.alias)).collect();
    known.sort_unstable();
    let several = if known.len() > 1 { "one of: " } else { ": " };
    let be = if known.len() > 1 { "be " } else { "be" };
    let list = known.join(", ");
    Error::version(format!("\"{key}: {date}\". \"{key}\" should {be}{several}{list}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(template: &Value) -> Result<Edition> {
        edition(template.as_object().unwrap())
    }

    #[test]
    fn a_template_names_its_version_by_date_or_release() {
        assert_eq!(read(&json!({"heat_template_version": "rocky"})), Ok(Edition::Hot20180831));
        assert_eq!(
            read(&json!({"AWSTemplateFormatVersion": "2010-09-09", "heat_template_version": 1})),
            Ok(Edition::Aws20100909)
        );
    }

    #[test]
    fn unknown_versions_are_told_the_known_ones() {
        let refusal = read(&json!({"HeatTemplateFormatVersion": "2010-09-09"})).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "The template version is invalid: \"HeatTemplateFormatVersion: 2010-09-09\". \
             \"HeatTemplateFormatVersion\" should be: 2012-12-12"
        );
        let both = json!({"HeatTemplateFormatVersion": "x", "heat_template_version": "y"});
        assert!(read(&both).unwrap_err().to_string().contains("Ambiguous versions ("));
    }

    #[test]
    fn the_list_is_in_the_order_of_the_editions() {
        assert!(ALL.is_sorted_by_key(|version| version.edition));
        for version in ALL {
            assert_eq!(Version::named(&version.name()).unwrap().edition, version.edition);
        }
    }
}
