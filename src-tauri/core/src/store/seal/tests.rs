use super::*;

const HERE: Cell<'_> = Cell {
    table: "grants",
    row: "r1",
    column: "sealed",
};

fn plain(key: &Key, cell: Cell<'_>, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
    // EXPOSE: the test compares it with what was sealed.
    key.unseal(cell, sealed).map(|plain| plain.expose().clone())
}

#[test]
fn what_was_sealed_comes_back() {
    let key = Key::random();
    for text in [&b""[..], b"token", &[0; 100_000]] {
        let sealed = key.seal(HERE, text);
        assert_eq!(
            plain(&key, HERE, &sealed),
            Ok(text.to_vec()),
            "the text comes back"
        );
    }
}

#[test]
fn every_flipped_bit_is_detected() {
    let key = Key::random();
    let sealed = key.seal(HERE, b"token");
    for position in 0..sealed.len() {
        for bit in 0..8 {
            let mut flipped = sealed.clone();
            flipped[position] ^= 1 << bit;
            assert_eq!(
                plain(&key, HERE, &flipped),
                Err(Broken),
                "S35: bit {bit} of byte {position}"
            );
        }
    }
}

#[test]
fn every_truncation_is_detected() {
    let key = Key::random();
    let sealed = key.seal(HERE, b"token");
    for length in 0..sealed.len() {
        assert_eq!(
            plain(&key, HERE, &sealed[..length]),
            Err(Broken),
            "S35: {length} bytes"
        );
    }
    let longer = [sealed.as_slice(), &[0]].concat();
    assert_eq!(plain(&key, HERE, &longer), Err(Broken), "S35: one byte more");
}

#[test]
fn a_moved_cell_does_not_open() {
    let key = Key::random();
    let sealed = key.seal(HERE, b"token");
    for elsewhere in [
        Cell { row: "r2", ..HERE },
        Cell {
            column: "label",
            ..HERE
        },
        Cell {
            table: "sign_ins",
            ..HERE
        },
        // The same letters, divided differently.
        Cell {
            table: "grantsr",
            row: "1",
            ..HERE
        },
    ] {
        assert_eq!(plain(&key, elsewhere, &sealed), Err(Broken), "S35: {elsewhere:?}");
    }
}

#[test]
fn another_key_opens_nothing_even_under_the_same_id() {
    let key = Key::random();
    let same_id = Key {
        id: key.id,
        key: random_key(),
    };
    let sealed = key.seal(HERE, b"token");
    for other in [Key::random(), same_id] {
        assert_eq!(plain(&other, HERE, &sealed), Err(Broken), "it is another key");
    }
}

#[test]
fn each_write_has_its_own_nonce() {
    let key = Key::random();
    let nonce = |_| key.seal(HERE, b"token")[1 + ID..HEAD].to_vec();
    let nonces: std::collections::HashSet<_> = (0..1000).map(nonce).collect();
    assert_eq!(nonces.len(), 1000, "no nonce came twice");
}

#[test]
fn a_wrapped_key_opens_what_the_key_sealed() {
    let (wrapping, key) = (Key::wrapping(random_key()), Key::random());
    let wrapped = wrapping.wrap(HERE, &key);
    let unwrapped = wrapping.unwrap_key(HERE, &wrapped).map_err(|_| "it must unwrap");
    let unwrapped = unwrapped.expect("the wrapping key is the right one");
    let sealed = key.seal(HERE, b"token");
    assert_eq!(
        plain(&unwrapped, HERE, &sealed),
        Ok(b"token".to_vec()),
        "it is the same key"
    );
}
