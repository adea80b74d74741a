//! A socket that can be unplugged: whoever is connected is cut off, and nobody listens any more until it is plugged in
//! again, at the same address.

use std::{io, net::SocketAddr};

use axum::serve::Listener;
use tokio::{
    io::{DuplexStream, copy_bidirectional, duplex},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How many bytes are under way between the wire and the service.
const ROOM: usize = 64 * 1024;

/// A service's end of the wire.
#[derive(Debug)]
pub(crate) struct Socket {
    address: SocketAddr,
    listener: Option<TcpListener>,
    plugged: watch::Receiver<bool>,
}

impl Socket {
    /// Takes a bound listener, and what says whether it is plugged in.
    pub(crate) fn new(listener: TcpListener, plugged: watch::Receiver<bool>) -> Self {
        let address = listener.local_addr();
        Self {
            address: address.expect("a bound socket has an address"),
            listener: Some(listener),
            plugged,
        }
    }

    async fn accepted(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        if !*self.plugged.borrow_and_update() {
            self.listener = None;
            // A world that is gone plugs nothing in: the wait ends with the task.
            let _ = self.plugged.wait_for(|plugged| *plugged).await;
        }
        let listener = match self.listener.take() {
            Some(listener) => listener,
            None => TcpListener::bind(self.address).await?,
        };
        let listener = self.listener.insert(listener);
        tokio::select! {
            accepted = TcpListener::accept(listener) => accepted,
            _ = self.plugged.changed() => Err(io::ErrorKind::Interrupted.into()),
        }
    }

    fn connect(&self, mut wire: TcpStream) -> DuplexStream {
        let (mut inside, service) = duplex(ROOM);
        let mut plugged = self.plugged.clone();
        tokio::spawn(async move {
            tokio::select! {
                // However it ends, both sides are closed by it.
                _ = copy_bidirectional(&mut wire, &mut inside) => {}
                _ = plugged.wait_for(|plugged| !plugged) => {}
            }
        });
        service
    }
}

impl Listener for Socket {
    type Io = DuplexStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.accepted().await {
                Ok((wire, from)) => return (self.connect(wire), from),
                // Nobody was there, or the socket was unplugged: it goes on.
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
