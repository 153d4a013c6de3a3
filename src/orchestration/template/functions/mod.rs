//! The functions of the language: one table, one file per function.
//!
//! A row says which versions have the function under that name. Adding a function adds a file and
//! a row; nothing else knows them by name. The order of the rows is the order in which the API
//! lists them.

mod base64;
mod contains;
mod digest;
mod equals;
mod filter;
mod find_in_map;
mod get_attr;
mod get_azs;
mod get_file;
mod get_param;
mod get_resource;
mod if_then;
mod list_concat;
mod list_join;
mod logic;
mod make_url;
mod map_merge;
mod map_replace;
mod member_list_to_map;
mod reference;
mod repeat;
mod resource_facade;
mod select;
mod split;
mod str_replace;
mod str_split;
#[cfg(test)]
pub(crate) mod tests;
mod unavailable;
mod yaql;

use std::fmt::Debug;

use serde_json::Value;

use super::error::Result;
use super::scope::Context;
use super::snippet::{Call, Outcome, Reader, Reference};
use super::versions::Edition;

/// A function of the language.
pub(crate) trait Intrinsic: Debug + Sync {
    /// What the API says it is for.
    fn description(&self) -> &'static str;

    /// Which part of the arguments counts. What does not is never read, so it may be wrong.
    fn choose<'v>(&self, _reader: &Reader<'_>, _name: &str, args: &'v Value) -> Result<Branch<'v>> {
        Ok(Branch::Part(args))
    }

    /// What is wrong with the arguments as they stand, before anything is known.
    fn check(&self, _call: &Call) -> Result<()> {
        Ok(())
    }

    /// What is wrong with the call in this template, its value left out: at least what is wrong
    /// with its arguments.
    fn validate(&self, call: &Call, context: &Context<'_>) -> Result<()> {
        call.validate_arguments(context)
    }

    /// The resource that the call itself needs; those of its arguments are found without it.
    fn refers(&self, _call: &Call, _context: &Context<'_>) -> Outcome<Option<Reference>> {
        Ok(None)
    }

    /// The value of the call.
    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome;
}

/// The part of the arguments that counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Branch<'v> {
    /// This, which may be all of them.
    Part(&'v Value),
    /// None of them: the call is to be left out.
    Nothing,
}

/// Where in a template a snippet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In properties, metadata, outputs.
    Value,
    /// In a condition.
    Condition,
}

/// The function that a name means in some versions.
struct Row {
    name: &'static str,
    since: Edition,
    /// The first version that does not have it any more.
    until: Option<Edition>,
    function: &'static dyn Intrinsic,
}

const fn row(
    name: &'static str,
    since: Edition,
    until: Option<Edition>,
    function: &'static dyn Intrinsic,
) -> Row {
    Row { name, since, until, function }
}

impl Row {
    fn covers(&self, edition: Edition) -> bool {
        self.since <= edition && self.until.is_none_or(|end| edition < end)
    }

    /// Whether a version of HOT had it and `edition` has it no more.
    fn was_removed(&self, edition: Edition) -> bool {
        self.until.is_some_and(|end| end > Edition::Hot20130523 && end <= edition)
    }
}

use Edition::{
    Aws20100909 as AWS, Heat20121212 as HEAT, Hot20130523 as HOT_2013, Hot20141016 as HOT_2014,
    Hot20150430 as HOT_2015A, Hot20151015 as HOT_2015B, Hot20160408 as HOT_2016A,
    Hot20161014 as HOT_2016B, Hot20170224 as HOT_2017A, Hot20170901 as HOT_2017B,
    Hot20210416 as HOT_2021,
};

/// What may stand where a value is expected.
#[rustfmt::skip]
static VALUES: &[Row] = &[
    row("Fn::FindInMap",       AWS,       Some(HOT_2013),  &find_in_map::FindInMap),
    row("Fn::GetAZs",          AWS,       Some(HOT_2014),  &get_azs::GetAzs),
    row("Ref",                 AWS,       Some(HOT_2014),  &reference::Ref),
    row("Fn::GetAtt",          AWS,       Some(HOT_2013),  &get_attr::FN_GET_ATT),
    row("Fn::Select",          AWS,       Some(HOT_2015B), &select::Select),
    row("Fn::Join",            AWS,       Some(HOT_2014),  &list_join::FN_JOIN),
    row("Fn::Split",           AWS,       Some(HOT_2014),  &split::Split),
    row("Fn::Replace",         AWS,       Some(HOT_2014),  &str_replace::FN_REPLACE),
    row("Fn::Base64",          AWS,       Some(HOT_2014),  &base64::Base64),
    row("Fn::MemberListToMap", AWS,       Some(HOT_2014),  &member_list_to_map::MemberListToMap),
    row("Fn::ResourceFacade",  AWS,       Some(HOT_2014),  &resource_facade::CFN),
    row("Fn::If",              AWS,       Some(HEAT),      &if_then::IF),
    row("get_attr",            HOT_2013,  Some(HOT_2014),  &get_attr::THEN_SELECT),
    row("get_attr",            HOT_2014,  Some(HOT_2015B), &get_attr::WITH_PATH),
    row("get_attr",            HOT_2015B, None,            &get_attr::OR_ALL),
    row("get_file",            HOT_2013,  None,            &get_file::GetFile),
    row("get_param",           HOT_2013,  None,            &get_param::GetParam),
    row("get_resource",        HOT_2013,  None,            &get_resource::GetResource),
    row("list_join",           HOT_2013,  Some(HOT_2015B), &list_join::LIST_JOIN),
    row("list_join",           HOT_2015B, None,            &list_join::LISTS_JOIN),
    row("repeat",              HOT_2015A, Some(HOT_2016B), &repeat::LISTS),
    row("repeat",              HOT_2016B, Some(HOT_2017B), &repeat::LISTS_AND_MAPS),
    row("repeat",              HOT_2017B, None,            &repeat::PERMUTATIONS),
    row("resource_facade",     HOT_2013,  None,            &resource_facade::HOT),
    row("str_replace",         HOT_2013,  Some(HOT_2015B), &str_replace::PLAIN),
    row("str_replace",         HOT_2015B, None,            &str_replace::JSON),
    row("digest",              HOT_2015A, None,            &digest::Digest),
    row("str_split",           HOT_2015B, None,            &str_split::StrSplit),
    row("map_merge",           HOT_2016A, None,            &map_merge::MapMerge),
    row("yaql",                HOT_2016B, None,            &yaql::Yaql),
    row("map_replace",         HOT_2016B, None,            &map_replace::MapReplace),
    row("if",                  HOT_2016B, Some(HOT_2021),  &if_then::IF),
    row("if",                  HOT_2021,  None,            &if_then::IF_NULLABLE),
    row("filter",              HOT_2017A, None,            &filter::Filter),
    row("str_replace_strict",  HOT_2017A, None,            &str_replace::STRICT),
    row("make_url",            HOT_2017B, None,            &make_url::MakeUrl),
    row("list_concat",         HOT_2017B, None,            &list_concat::ALL),
    row("str_replace_vstrict", HOT_2017B, None,            &str_replace::VERY_STRICT),
    row("list_concat_unique",  HOT_2017B, None,            &list_concat::UNIQUE),
    row("contains",            HOT_2017B, None,            &contains::Contains),
];

/// What may stand where a condition is expected.
#[rustfmt::skip]
static CONDITIONS: &[Row] = &[
    row("Fn::Equals",          AWS,       Some(HEAT),      &equals::Equals),
    row("Ref",                 AWS,       Some(HEAT),      &reference::ParameterRef),
    row("Fn::FindInMap",       AWS,       Some(HEAT),      &find_in_map::FindInMap),
    row("Fn::Not",             AWS,       Some(HEAT),      &logic::FN_NOT),
    row("Fn::And",             AWS,       Some(HEAT),      &logic::AND),
    row("Fn::Or",              AWS,       Some(HEAT),      &logic::OR),
    row("get_param",           HOT_2016B, None,            &get_param::GetParam),
    row("equals",              HOT_2016B, None,            &equals::Equals),
    row("not",                 HOT_2016B, None,            &logic::NOT),
    row("and",                 HOT_2016B, None,            &logic::AND),
    row("or",                  HOT_2016B, None,            &logic::OR),
    row("yaql",                HOT_2017B, None,            &yaql::Yaql),
    row("contains",            HOT_2017B, None,            &contains::Contains),
];

/// The function that `name` means; `None` if it is just the key of a map.
pub(crate) fn find(edition: Edition, place: Place, name: &str) -> Option<&'static dyn Intrinsic> {
    let value = of(VALUES, edition, name);
    match place {
        Place::Condition => of(CONDITIONS, edition, name)
            .or_else(|| removed(edition, name))
            .or_else(|| value.map(|_| &unavailable::OutOfPlace as &dyn Intrinsic)),
        Place::Value => value.or_else(|| removed(edition, name)),
    }
}

fn of(table: &[Row], edition: Edition, name: &str) -> Option<&'static dyn Intrinsic> {
    table.iter().find(|row| row.name == name && row.covers(edition)).map(|row| row.function)
}

fn removed(edition: Edition, name: &str) -> Option<&'static dyn Intrinsic> {
    let gone = of(VALUES, edition, name).is_none()
        && VALUES.iter().any(|row| row.name == name && row.was_removed(edition));
    gone.then_some(&unavailable::Removed)
}

/// Names and descriptions of the functions of a version, as the API lists them.
pub fn list(edition: Edition, with_conditions: bool) -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let conditions: &[Row] = if with_conditions { CONDITIONS } else { &[] };
    for row in VALUES.iter().chain(conditions).filter(|row| row.covers(edition)) {
        if found.iter().all(|(name, _)| *name != row.name) {
            found.push((row.name, row.function.description()));
        }
    }
    found
}
