//! The model's parts against published values.

use super::frame::{self, Expected, Fault, Outcome};
use super::ssz::{Type, Value};
use super::{checksum, payload, sha256, snappy, varint};

#[test]
fn checksums_are_the_published_ones() {
    assert_eq!(checksum::crc32c(b"123456789"), 0xe306_9283);
    // RFC 3720, appendix B.4.
    assert_eq!(checksum::crc32c(&[0; 32]), 0x8a91_36aa);
    assert_eq!(checksum::crc32c(&[0xff; 32]), 0x62a8_ab43);
}

#[test]
fn hashes_are_the_published_ones() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((hex(&sha256::hash(b"")), hex(&sha256::hash(b"abc"))), (empty.into(), abc.into()));
}

#[test]
fn blocks_expand_as_their_format_says() {
    // A literal `ab`, and a copy of 6 bytes from 2 back.
    assert_eq!(snappy::expand(&[4, b'a', b'b', 2 << 2 | 1, 2], 8), Some(b"abababab".to_vec()));
    assert_eq!(snappy::expand(&[4, b'a', b'b', 2 << 2 | 1, 3], 8), None);
    assert_eq!(snappy::expand(&[4, b'a', b'b', 2 << 2 | 1, 0], 8), None);
    assert_eq!(snappy::expand(&[60 << 2, 0, b'x'], 1), Some(b"x".to_vec()));
    assert_eq!(snappy::expand(&[0, b'x', 0, b'y'], 1), None);
}

#[test]
fn numbers_are_judged_as_soon_as_they_can_be() {
    assert_eq!(varint::read(&varint::encode(300), 1, 1000), varint::Said::Number(300, 2));
    assert_eq!(varint::read(&[0x88], 8, 8), varint::Said::Large(136, 1));
    assert_eq!(varint::read(&[0x80, 0], 0, 1000), varint::Said::NotMinimal(2));
    assert_eq!(varint::read(&[0xff], 1, 255), varint::Said::More);
}

#[test]
fn sizes_follow_from_types() {
    let size = |payload| payload::sizes(payload, 1 << 20);
    assert_eq!(size(payload::Payload::Status), (84, 84));
    assert_eq!(size(payload::Payload::CertifiedBlock), (385, 1 << 20));
    assert_eq!(payload::header().fixed_size(), Some(128));
}

#[test]
fn values_have_one_encoding() {
    let bits = Type::BitList(9);
    assert_eq!(bits.decode(&[0b101]), Ok(Value::Bits(vec![true, false])));
    assert!(bits.decode(&[0b101, 0]).is_err() && bits.decode(&[]).is_err() && bits.decode(&[0, 4]).is_err());
    let list = Type::List(Box::new(Type::ByteList(2)), 2);
    assert!(list.decode(&[8, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3]).is_err());
    assert!(list.decode(&[8, 0, 0, 0, 9, 0, 0, 0, 1, 2]).is_ok());
}

#[test]
fn a_frame_ends_where_it_says() {
    let expected = Expected { coded: true, success: (1, 200_000), failure: (1, 10) };
    let payload = vec![7; 70_000];
    let bytes = frame::encode_plain(Some(0), &payload);
    let Outcome::Whole(whole) = frame::decode(&bytes, &expected) else { panic!("it is whole") };
    assert_eq!((whole.payload, whole.used), (payload, bytes.len()));
    assert_eq!(
        frame::decode(&frame::encode_plain(Some(1), &[0; 11]), &expected),
        Outcome::Hopeless(2, Fault::LengthTooLarge)
    );
}
