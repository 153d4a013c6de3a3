//! What every engine must do: cases that a backend passes before it is one.
//!
//! Run by `tests/it/engine_contract.rs` on the simulated engine, and on Docker where one answers.
//! A case makes its objects under names of its own and nothing else; what it leaves is cleared
//! away after it, whether it passed or not. Never touches what the installation has not made.

mod containers;
mod filters;
mod fixture;
mod images;
mod instances;
mod networks;
mod others;

use futures_util::future::BoxFuture;

pub use self::fixture::{Fixture, Flaw, free_block};

type Run = for<'a> fn(&'a Fixture) -> BoxFuture<'a, Result<(), Flaw>>;

/// One rule and how to see that it holds.
pub struct Case {
    /// What holds.
    pub name: &'static str,
    /// Needs guests that run programs, which those of the simulated engine don't.
    pub needs_guests: bool,
    run: Run,
}

impl Case {
    /// Runs the case and clears away what it made; the flaw found, if any.
    pub async fn run(&self, fixture: &Fixture) -> Result<(), Flaw> {
        fixture.clear().await?;
        let outcome = (self.run)(fixture).await;
        fixture.clear().await?;
        outcome
    }
}

macro_rules! cases {
    ($($(#[$guests:ident])? $module:ident::$case:ident;)*) => {
        &[$(Case {
            name: stringify!($case),
            needs_guests: cases!(@guests $($guests)?),
            run: |fixture| Box::pin($module::$case(fixture)),
        }),*]
    };
    (@guests guests) => { true };
    (@guests) => { false };
}

/// Every case.
pub static CASES: &[Case] = cases! {
    instances::creating_twice_makes_one;
    instances::starting_and_stopping_twice_is_success;
    instances::a_guest_that_ends_is_seen_with_its_exit_code;
    instances::freezing_and_thawing_twice_is_success;
    instances::what_does_not_run_is_not_frozen;
    instances::removing_twice_is_success_and_leaves_nothing;
    instances::an_instance_that_is_not_there_is_not_found;
    instances::an_image_that_is_not_there_is_not_found;
    instances::limits_are_set_and_changed;
    instances::usage_is_shown;
    instances::the_console_is_kept_over_the_end;
    instances::files_keep_owner_and_mode;
    instances::files_that_are_not_there_or_too_large_are_not_read;
    instances::a_guest_that_does_not_run_executes_nothing;
    instances::processes_are_shown;
    #[guests] instances::commands_are_fed_and_their_exit_code_comes_back;
    instances::a_terminal_shows_what_is_typed;
    instances::a_terminal_ends_with_its_guest;
    #[guests] instances::a_terminal_that_is_closed_leaves_no_process;
    #[guests] instances::output_without_end_is_cut;
    #[guests] instances::a_detached_command_is_not_waited_for;
    #[guests] instances::the_guest_sees_its_name_environment_and_owners;
    containers::the_first_line_is_waited_for;
    containers::a_port_of_the_host_is_given_once;
    containers::what_shares_a_network_has_no_interface_and_needs_its_neighbour;
    containers::a_neighbour_is_the_one_that_was_there;
    #[guests] containers::a_container_runs_as_it_is_told;
    #[guests] containers::neighbours_have_one_address;
    images::a_commit_boots_with_what_was_written;
    images::an_image_goes_out_and_comes_in_again;
    images::a_load_takes_nobodys_reference;
    images::what_is_no_image_is_refused;
    images::a_reference_moves_to_the_image_tagged_last;
    images::only_our_references_are_removed;
    images::the_image_of_an_instance_stays;
    networks::ensuring_twice_makes_one;
    networks::ensuring_at_once_makes_one;
    networks::pools_that_overlap_are_refused;
    networks::an_address_and_a_mac_are_kept_as_given;
    networks::an_address_is_given_once;
    networks::an_address_outside_of_the_pool_is_refused;
    networks::two_interfaces_have_their_addresses;
    #[guests] networks::interfaces_are_numbered_in_the_order_of_the_specification;
    #[guests] networks::the_guest_has_the_macs_that_are_shown;
    #[guests] networks::the_way_out_is_the_first_interface;
    networks::interfaces_come_and_go_while_the_guest_runs;
    networks::a_network_with_instances_is_busy;
    networks::starts_that_were_cut_off_leave_nothing_on_a_network;
    networks::a_network_that_is_not_there_is_not_found;
    networks::routing_is_said_again_and_again;
    #[guests] networks::networks_are_apart_unless_they_are_joined;
    #[guests] networks::ports_of_an_address_lead_to_a_guest;
    filters::a_filter_is_set_whatever_the_guest_does;
    others::volumes_are_made_once_and_removed;
    others::a_root_that_is_lent_is_read_and_written_in_its_place;
    others::objects_of_others_are_neither_seen_nor_touched;
    others::events_tell_of_the_life_of_an_instance;
    others::events_are_told_from_a_time_in_the_past;
    others::the_host_says_what_it_is;
};
