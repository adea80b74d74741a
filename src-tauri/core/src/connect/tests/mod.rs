//! Stories of connections, told with a real store and real HTTP on loopback.

mod asks;
mod calls;
mod hostile;
mod opens;
mod questions;
mod rounds;
mod signs_in;
mod world;
