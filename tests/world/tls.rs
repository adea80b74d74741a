//! A server that speaks TLS with a certificate nobody vouches for.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{net::TcpListener, task::AbortHandle};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

/// Presents a certificate that it signed itself; it ends when dropped.
#[derive(Debug)]
pub struct SelfSigned {
    /// Where it is, at `/mcp`.
    pub url: String,
    met: Arc<AtomicUsize>,
    believed: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl SelfSigned {
    /// Opens it with a certificate for `name`, a host name or an address.
    pub async fn open(name: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port on the loopback address");
        let address = listener.local_addr().expect("a bound socket has an address");
        let acceptor = acceptor(name);
        let (met, believed) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (seen, taken) = (Arc::clone(&met), Arc::clone(&believed));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::SeqCst);
                if acceptor.accept(stream).await.is_ok() {
                    taken.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Self {
            url: format!("https://{address}/mcp"),
            met,
            believed,
            task: task.abort_handle(),
        }
    }

    /// Counts who came.
    pub fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }

    /// Counts who took the certificate and would have gone on to talk.
    pub fn believed(&self) -> usize {
        self.believed.load(Ordering::SeqCst)
    }
}

impl Drop for SelfSigned {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn acceptor(name: &str) -> TlsAcceptor {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).expect("a name that a certificate can hold");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key that was just made");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key);
    TlsAcceptor::from(Arc::new(config.expect("a certificate with its own key")))
}
