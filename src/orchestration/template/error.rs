//! A refusal in Heat's words.
//!
//! Clients print the sentence and tests match on the class, so both are upstream's: the class is
//! the name of Heat's exception, the sentence its text. A refusal may carry where in the template
//! it lies; whoever knows more of the way puts it in front. `From` makes it an error of the house.

use std::fmt;

use kit::error::{Error as KitError, Kind};
use kit::http::pyrepr::Quoted;

/// What every fallible function of the language returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

const STACK_VALIDATION_FAILED: &str = "StackValidationFailed";
const INVALID_SCHEMA: &str = "InvalidSchemaError";
const VALUE_ERROR: &str = "ValueError";
const TYPE_ERROR: &str = "TypeError";
const KEY_ERROR: &str = "KeyError";

/// Why something of a template or environment is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    class: &'static str,
    /// What stands before the path: `Property error`.
    title: &'static str,
    path: Vec<String>,
    message: String,
}

impl Error {
    /// A refusal of the class that clients see as `error.type`.
    pub fn new(class: &'static str, message: impl Into<String>) -> Self {
        Self { class, title: "", path: Vec::new(), message: message.into() }
    }

    /// The template or a value in it is wrong.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(STACK_VALIDATION_FAILED, message)
    }

    /// The definition of a parameter or property is wrong.
    pub fn schema(message: impl Into<String>) -> Self {
        Self::new(INVALID_SCHEMA, message)
    }

    /// A value that cannot be.
    pub fn value(message: impl Into<String>) -> Self {
        Self::new(VALUE_ERROR, message)
    }

    /// A value of the wrong type.
    pub fn kind(message: impl Into<String>) -> Self {
        Self::new(TYPE_ERROR, message)
    }

    /// A key that is missing. Python shows such a sentence in quotes.
    pub fn key(message: &str) -> Self {
        Self::new(KEY_ERROR, Quoted(message).to_string())
    }

    /// The version of the template.
    pub fn version(explanation: impl fmt::Display) -> Self {
        let sentence = format!("The template version is invalid: {explanation}");
        Self::new("InvalidTemplateVersion", sentence)
    }

    /// A reference to a resource that is not there.
    pub fn reference(resource: impl fmt::Display, place: impl fmt::Display) -> Self {
        let sentence = format!("The specified reference \"{resource}\" (in {place}) is incorrect.");
        Self::new("InvalidTemplateReference", sentence)
    }

    /// A reference to an attribute that the type lacks.
    pub fn attribute(resource: impl fmt::Display, attribute: impl fmt::Display) -> Self {
        let sentence = format!("The Referenced Attribute ({resource} {attribute}) is incorrect.");
        Self::new("InvalidTemplateAttribute", sentence)
    }

    /// A parameter without a value.
    pub fn missing_parameter(name: impl fmt::Display) -> Self {
        let sentence = format!("The Parameter ({name}) was not provided.");
        Self::new("UserParameterMissing", sentence)
    }

    /// A resource type that nobody knows.
    pub fn unknown_type(name: &str) -> Self {
        Self::validation(format!("The Resource Type ({name}) could not be found."))
    }

    /// The name that clients see as `error.type`.
    pub fn class(&self) -> &'static str {
        self.class
    }

    /// The sentence without what stands before it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the template it lies, as far as is known.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// Whether it is one that speaks of the template and may be given a place.
    pub fn is_validation(&self) -> bool {
        self.class == STACK_VALIDATION_FAILED
    }

    /// Whether it speaks of a definition.
    pub fn is_schema(&self) -> bool {
        self.class == INVALID_SCHEMA
    }

    /// Whether it is one of Python's own, which Heat never shows as they are.
    pub fn is_plain(&self) -> bool {
        [VALUE_ERROR, TYPE_ERROR, KEY_ERROR].contains(&self.class)
    }

    /// The same, with `steps` in front of its place.
    #[must_use]
    pub fn within<S: Into<String>>(mut self, steps: impl IntoIterator<Item = S>) -> Self {
        self.path.splice(0..0, steps.into_iter().map(Into::into));
        self
    }

    /// The same, with the first step of its place called as `name` says.
    #[must_use]
    pub(crate) fn rename(mut self, name: impl Fn(&str) -> Option<&'static str>) -> Self {
        if let Some(first) = self.path.first_mut()
            && let Some(new) = name(first)
        {
            new.clone_into(first);
        }
        self
    }

    /// The same, under `title` unless it has one.
    #[must_use]
    pub fn titled(mut self, title: &'static str) -> Self {
        if self.title.is_empty() {
            self.title = title;
        }
        self
    }

    /// A refusal of the template that repeats this one, place and all.
    #[must_use]
    pub fn as_validation(&self) -> Self {
        Self::validation(self.to_string())
    }

    /// The same refusal, but one of Python's own as a refusal of the template.
    #[must_use]
    pub fn never_plain(self) -> Self {
        if self.is_plain() { self.as_validation() } else { self }
    }

    /// The same refusal, but one of Python's own as a refusal of the template at `path`.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        if self.is_plain() { self.as_validation().within([path]) } else { self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, ": ")
    }
}

impl Error {
    /// The refusal as a client of Heat hears it who asked for a stack: on its way from the engine to
    /// the API it is taken apart and put together again, and what ends title and place comes twice.
    pub(crate) fn to_client(&self) -> KitError {
        struct Twice<'a>(&'a Error);
        impl fmt::Display for Twice<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f, ": : ")
            }
        }
        KitError::new(Kind::BadRequest, Twice(self).to_string()).tag(self.class)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, mark: &str) -> fmt::Result {
        if !self.title.is_empty() {
            write!(f, "{}{mark}", self.title)?;
        }
        let mut started = false;
        for step in &self.path {
            let number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
            match (number, started) {
                (true, _) => write!(f, "[{step}]")?,
                (false, true) => write!(f, ".{step}")?,
                (false, false) => f.write_str(step)?,
            }
            started |= !step.is_empty();
        }
        write!(f, "{}{}", if started { mark } else { "" }, self.message)
    }
}

impl std::error::Error for Error {}

impl From<Error> for KitError {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        Self::new(Kind::BadRequest, sentence).tag(error.class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_as_heat_shows_it() {
        let error = Error::validation("Value must be a string");
        assert_eq!(error.to_string(), "Value must be a string");
        let placed = error.within(["list", "0", "name"]).within(["resources", "web"]);
        let titled = placed.titled("Property error");
        let sentence = "Property error: resources.web.list[0].name: Value must be a string";
        assert_eq!(titled.to_string(), sentence);
        let heard = "Property error: : resources.web.list[0].name: : Value must be a string";
        assert_eq!(titled.to_client().public, heard);
    }

    #[test]
    fn a_missing_key_is_quoted() {
        assert_eq!(Error::key("it's").to_string(), "\"it's\"");
        let placed = Error::key("no \"a\"").at("outputs.o");
        assert_eq!(
            (placed.class(), placed.to_string().as_str()),
            ("StackValidationFailed", "outputs.o: 'no \"a\"'")
        );
    }

    #[test]
    fn other_classes_keep_their_sentence() {
        let error = Error::reference("nope", "x.Properties.value").at("somewhere");
        let house = KitError::from(error);
        assert_eq!(house.tag, "InvalidTemplateReference");
        assert_eq!(
            house.public,
            "The specified reference \"nope\" (in x.Properties.value) is incorrect."
        );
    }
}
