//! The app as its window sees it.

pub mod contract;
