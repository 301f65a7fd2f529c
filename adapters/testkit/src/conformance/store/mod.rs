//! Suite of [`Store`], its units of work and all repositories.
//!
//! Each case gets an empty database with the schema in place. Rows are written for the local owner
//! only, since other owners need accounts; what these may not see is checked against those rows.

use std::sync::Arc;

use docuvault_domain::ports::Store;

use super::fixtures;
use super::report::run_cases;

mod administration;
mod api_tokens;
mod chain;
mod documents;
mod factors;
mod filters;
mod idempotency;
mod jobs;
mod keys;
mod learning;
mod limits;
mod links;
mod lists;
mod mails;
mod objects;
mod owners;
mod quotas;
mod sessions;
mod sso;
mod texts;
mod topics;
mod trail;
mod units;
mod users;

type Subject = Arc<dyn Store>;

/// Holds the stores that `fresh` makes to the contract. `fresh` is called once per case and must
/// give an empty database each time.
///
/// # Panics
/// When a case does not hold; the message names all that did not.
pub async fn run(fresh: impl AsyncFn() -> Arc<dyn Store>) {
    run_cases!(
        "store",
        &fresh().await,
        [
            units::commit_writes,
            units::drop_rolls_back,
            units::readers_see_committed_rows_only,
            units::a_failed_write_leaves_nothing,
            units::check_answers,
            users::added_and_found,
            users::names_are_unique_without_case,
            users::changed_without_the_password,
            quotas::a_quota_is_charged_to_the_byte,
            quotas::of_many_at_once_no_more_than_fit,
            factors::a_factor_is_offered_used_and_removed,
            factors::of_many_with_one_code_one_gets_in,
            factors::recovery_codes_work_once,
            sessions::a_session_that_began_is_found,
            sessions::a_session_ends_by_idleness_and_by_age,
            sessions::use_prolongs_it_up_to_a_day,
            sessions::a_token_shown_twice_ends_the_session,
            sessions::of_many_rotations_one_wins,
            sessions::people_end_their_own_sessions,
            sessions::a_disabled_account_has_no_live_session,
            sessions::sessions_are_purged_when_long_over,
            api_tokens::a_token_is_found_until_it_is_revoked,
            api_tokens::a_token_ends_at_its_time_and_with_its_account,
            api_tokens::of_many_at_once_no_more_than_the_limit,
            administration::overviews_in_the_order_of_handles,
            administration::what_administrators_see_of_an_account,
            administration::a_handle_is_never_somebody_elses,
            administration::a_deleted_account_is_not_there,
            administration::a_deleted_account_goes_with_what_is_its_own,
            administration::parallel_demotions_leave_an_administrator,
            links::the_newest_reset_link_works_once,
            links::of_many_with_one_reset_link_one_gets_in,
            links::requests_are_taken_once,
            links::invites_are_found_used_and_removed,
            links::of_many_with_one_invite_one_gets_in,
            mails::mails_are_claimed_in_turn_until_removed,
            mails::parallel_claims_get_distinct_mails,
            documents::round_trip_of_every_field,
            documents::round_trip_of_every_kind,
            documents::update_writes_every_field,
            documents::find_many_skips_the_unknown,
            documents::remove_takes_text_and_topics,
            documents::the_oldest_with_these_bytes,
            documents::a_lock_keeps_others_waiting,
            documents::no_update_is_lost,
            documents::lock_for_processing,
            documents::stranded_documents,
            owners::foreign_rows_are_not_there,
            owners::foreign_topics_are_not_there,
            owners::system_acts_for_its_owner,
            filters::each_filter_selects_its_documents,
            filters::what_needs_review,
            filters::text_is_taken_literally,
            filters::filters_hold_at_once,
            filters::ids_oldest_first,
            lists::every_sort_in_both_directions,
            lists::cursors_walk_without_gap_or_repeat,
            lists::the_last_page_says_so,
            lists::a_walk_survives_changes,
            texts::text_is_empty_before_reading_and_there_after,
            texts::round_trips,
            texts::a_very_long_page_survives,
            texts::many_pages_survive,
            texts::a_new_text_replaces_the_old_one_whole,
            topics::add_and_list,
            topics::names_are_unique_without_case,
            topics::update_and_find,
            topics::counts,
            topics::on_a_document_surest_first,
            topics::assign_again_changes,
            topics::remove_leaves_documents,
            topics::merge_keeps_the_stronger,
            topics::clear_predictions_keeps_decisions_of_people,
            topics::rejected_are_remembered,
            learning::vectors_are_kept_by_topic,
            learning::a_vector_goes_with_its_topic,
            learning::examples_remember_their_label,
            learning::a_merge_keeps_what_was_taught,
            learning::no_training_example_is_lost,
            learning::the_sample_is_the_start,
            objects::a_written_object_becomes_live,
            objects::a_failed_upload_is_marked_and_removed,
            objects::a_deleted_document_leaves_objects_to_remove,
            objects::a_document_has_one_thumbnail,
            objects::an_expired_lease_is_swept,
            objects::an_extended_lease_is_not_swept,
            objects::live_rows_are_never_swept,
            objects::sweep_takes_the_oldest_up_to_the_limit,
            jobs::a_key_keeps_a_job_from_being_scheduled_twice,
            jobs::a_finished_key_may_be_scheduled_again,
            jobs::a_job_comes_back_as_it_was_scheduled,
            jobs::a_claim_leaves_other_kinds_alone,
            jobs::each_kind_has_its_own_lease,
            jobs::the_most_urgent_is_claimed_first,
            jobs::a_waiting_job_that_is_to_be_stopped_is_due_at_once,
            jobs::who_works_on_a_job_learns_that_it_is_to_be_stopped,
            jobs::progress_and_result_can_be_asked_for,
            jobs::jobs_are_listed_by_state,
            jobs::what_is_over_for_long_is_purged,
            jobs::claim_takes_the_longest_due,
            jobs::finish_needs_the_lease,
            jobs::every_verb_is_fenced,
            jobs::an_unclaimed_lease_still_holds,
            jobs::extend_keeps_others_away,
            jobs::retry_waits_for_its_time,
            jobs::finish_rolls_back_with_its_unit,
            jobs::depth_counts_what_is_unfinished,
            jobs::parallel_claims_get_distinct_jobs,
            idempotency::a_completed_key_gives_its_answer,
            idempotency::a_lost_lease_is_taken_over,
            idempotency::extend_keeps_the_key,
            idempotency::a_released_key_can_be_claimed_again,
            idempotency::release_keeps_a_completed_key,
            idempotency::expired_answers_are_taken_over,
            idempotency::purge,
            idempotency::one_of_many_is_granted,
            limits::so_many_and_one_more_in_time,
            limits::cleared_and_old_buckets_are_gone,
            limits::of_many_at_once_the_burst_is_allowed,
            keys::the_newest_comes_first_and_numbers_are_unique,
            trail::append_every_action,
            trail::the_audit_trail_is_read_by_filter_and_page,
            sso::attempts_are_taken_once,
            sso::of_many_with_one_state_one_gets_in,
            sso::identities_belong_to_one_account,
            sso::links_wait_for_a_password,
            chain::links_follow_each_other,
            chain::of_many_that_seal_at_once_one_gets_a_place,
            trail::instance_is_named_once,
            trail::the_setup_code_works_once,
            trail::one_replica_names_the_instance,
            trail::has_documents,
        ]
    );
}
