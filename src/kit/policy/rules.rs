//! The shape of a rule and the base rules that services share.

/// One rule, with the name and default that operators know.
#[derive(Debug)]
pub struct Rule {
    /// `os_compute_api:servers:create`.
    pub name: &'static str,
    /// The default check string.
    pub check: &'static str,
    /// What it guards, a sentence.
    pub doc: &'static str,
    /// Method and path of what it guards.
    pub operations: &'static [&'static str],
}

/// Everybody with a token.
pub const ANY: &str = "@";
/// An administrator of the deployment.
pub const ADMIN: &str = "rule:context_is_admin";
/// Readers of the project, and administrators.
pub const PROJECT_READER_OR_ADMIN: &str = "rule:project_reader_or_admin";
/// Members of the project, and administrators.
pub const PROJECT_MEMBER_OR_ADMIN: &str = "rule:project_member_or_admin";
/// Managers of the project, and administrators.
pub const PROJECT_MANAGER_OR_ADMIN: &str = "rule:project_manager_or_admin";
/// The user of the row, and administrators (key pairs).
pub const ADMIN_OR_OWNER_USER: &str = "rule:context_is_admin or user_id:%(user_id)s";

/// The base rules; an operator may override them like any other.
pub static SHARED_RULES: &[Rule] = &[
    Rule {
        name: "context_is_admin",
        check: "role:admin",
        doc: "Decides what is an administrator.",
        operations: &[],
    },
    Rule {
        name: "project_reader_or_admin",
        check: "rule:context_is_admin or (role:reader and project_id:%(project_id)s)",
        doc: "Readers of the project, and administrators.",
        operations: &[],
    },
    Rule {
        name: "project_member_or_admin",
        check: "rule:context_is_admin or (role:member and project_id:%(project_id)s)",
        doc: "Members of the project, and administrators.",
        operations: &[],
    },
    Rule {
        name: "project_manager_or_admin",
        check: "rule:context_is_admin or (role:manager and project_id:%(project_id)s)",
        doc: "Managers of the project, and administrators.",
        operations: &[],
    },
];

/// Rows of rules, each a `pub static` and a member of `ALL`.
///
/// ```ignore
/// rules! {
///     SERVERS_REBOOT, "os_compute_api:servers:reboot", PROJECT_MEMBER_OR_ADMIN,
///         "Reboot a server.", ["POST /servers/{server_id}/action (reboot)"];
/// }
/// ```
#[macro_export]
macro_rules! rules {
    ($($id:ident, $name:literal, $check:expr, $doc:literal, [$($operation:literal),* $(,)?];)*) => {
        $(#[doc = $doc]
        pub static $id: $crate::policy::Rule = $crate::policy::Rule {
            name: $name, check: $check, doc: $doc, operations: &[$($operation),*],
        };)*
        /// Every rule of this service.
        pub static ALL: &[$crate::policy::Rule] = &[$($crate::policy::Rule {
            name: $name, check: $check, doc: $doc, operations: &[$($operation),*],
        }),*];
    };
}
