//! The microversions of Placement that make a difference to what can be read, and the last one.

use kit::http::Versions;
use kit::microversions;

/// How the version is negotiated.
pub static VERSIONS: Versions = Versions {
    service_type: "placement",
    legacy_header: None,
    uncached_since: Some(CACHE_HEADERS),
    list: LIST,
};

microversions! {
    (1, 0, BASE, "The first version."),
    (1, 1, AGGREGATES, "Providers are in aggregates."),
    (1, 2, RESOURCE_CLASSES, "Resource classes can be listed."),
    (1, 6, TRAITS, "Traits, of providers and by themselves."),
    (1, 9, USAGES, "The usage of a project."),
    (1, 10, CANDIDATES, "Allocation candidates."),
    (1, 11, ALLOCATIONS_LINK, "Providers link to their allocations."),
    (1, 12, ALLOCATIONS_BY_PROVIDER, "Allocations are an object by provider, and show whose they are."),
    (1, 14, TREES, "Providers have a parent and a root."),
    (1, 15, CACHE_HEADERS, "Answers say that they are not to be kept."),
    (1, 17, TRAITS_OF_CANDIDATES, "Summaries of providers show traits."),
    (1, 19, AGGREGATES_GENERATION, "The aggregates of a provider show its generation."),
    (1, 27, ALL_CLASSES, "Summaries of providers show every resource class."),
    (1, 28, CONSUMER_GENERATION, "Allocations show the generation of their consumer."),
    (1, 29, TREES_OF_CANDIDATES, "Summaries of providers show parent and root."),
    (1, 34, MAPPINGS, "Candidates say which provider answers which part of the request."),
    (1, 38, CONSUMER_TYPES, "Consumers have a type."),
    (1, 39, ANY_TRAIT, "`required` takes several traits of which one will do."),
}
