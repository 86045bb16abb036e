//! HTTP: the wards' calls, the registrar's desk, the ministry's figures, the public verification.
//!
//! The only module that names axum. Deliberately absent: decisions, SQL.

mod alert;
mod desk;
pub(in crate::portal) mod http;
mod link;
mod metrics;
mod ministry;
mod recovering;
mod verify;
