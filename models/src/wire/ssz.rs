//! SSZ with types as data (the consensus specifications' `ssz/simple-serialize.md`): encoding, decoding, hash-tree roots.

use super::sha256::hash;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// An unsigned integer of so many bytes, at most 8.
    Uint(usize),
    /// So many bytes.
    Bytes(usize),
    /// At most so many bytes.
    ByteList(usize),
    /// So many bits; a multiple of 8 of them.
    BitVector(usize),
    /// At most so many bits.
    BitList(usize),
    /// At most so many elements.
    List(Box<Type>, usize),
    /// Fields.
    Container(Vec<Type>),
}

/// A value of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Of an unsigned integer.
    Number(u64),
    /// Of bytes, a list of bytes or a vector of bits.
    Bytes(Vec<u8>),
    /// Of a list of bits.
    Bits(Vec<bool>),
    /// Of a list or a container.
    Parts(Vec<Value>),
}

/// Bytes that are no encoding of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// How many bytes an offset has.
const OFFSET: usize = 4;

impl Type {
    /// Tells how many bytes every value has, if they are the same for all.
    #[must_use]
    pub fn fixed_size(&self) -> Option<usize> {
        match self {
            Self::Uint(size) | Self::Bytes(size) => Some(*size),
            Self::BitVector(bits) => Some(bits / 8),
            Self::ByteList(_) | Self::BitList(_) | Self::List(..) => None,
            Self::Container(fields) => fields.iter().map(Self::fixed_size).sum(),
        }
    }

    /// Tells the fewest and the most bytes that a value has.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        if let Some(size) = self.fixed_size() {
            return (size, size);
        }
        match self {
            Self::ByteList(limit) => (0, *limit),
            Self::BitList(limit) => (1, limit / 8 + 1),
            Self::List(element, limit) => (0, limit * element.within(element.sizes().1)),
            Self::Container(fields) => {
                let sizes = fields.iter().map(|field| (field, field.sizes()));
                sizes.fold((0, 0), |sum, (field, (min, max))| {
                    (sum.0 + field.within(min), sum.1 + field.within(max))
                })
            }
            Self::Uint(_) | Self::Bytes(_) | Self::BitVector(_) => unreachable!("their sizes are fixed"),
        }
    }

    /// Tells how many bytes a part of this type adds to what it is in, if it has so many itself.
    fn within(&self, size: usize) -> usize {
        size + if self.fixed_size().is_some() { 0 } else { OFFSET }
    }

    /// Writes a value of this type.
    #[must_use]
    pub fn encode(&self, value: &Value) -> Vec<u8> {
        match (self, value) {
            (Self::Uint(size), Value::Number(number)) => number.to_le_bytes()[..*size].to_vec(),
            (_, Value::Bytes(bytes)) => bytes.clone(),
            (_, Value::Bits(bits)) => packed(&[bits.as_slice(), &[true]].concat()),
            (Self::List(element, _), Value::Parts(parts)) => {
                encode_parts(parts.iter().map(|part| (&**element, part)))
            }
            (Self::Container(fields), Value::Parts(parts)) => encode_parts(fields.iter().zip(parts)),
            _ => unreachable!("{value:?} is no value of {self:?}"),
        }
    }

    /// Reads a value of this type.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the bytes are not exactly what [`Type::encode`] makes of some value.
    pub fn decode(&self, bytes: &[u8]) -> Result<Value, Malformed> {
        let value = match self {
            Self::Uint(size) => {
                let digits = bytes.iter().rev().take(*size);
                Value::Number(digits.fold(0, |number, byte| number << 8 | u64::from(*byte)))
            }
            Self::Bytes(_) | Self::ByteList(_) | Self::BitVector(_) => Value::Bytes(bytes.to_vec()),
            Self::BitList(_) => {
                let mut bits: Vec<bool> =
                    bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect();
                while bits.pop() == Some(false) {}
                Value::Bits(bits)
            }
            Self::List(element, limit) => {
                let count = match element.fixed_size() {
                    Some(size) => bytes.len() / size,
                    None if bytes.is_empty() => 0,
                    None => offset(bytes, 0)? / OFFSET,
                };
                if count > *limit {
                    return Err(Malformed);
                }
                decode_parts(&vec![&**element; count], bytes)?
            }
            Self::Container(fields) => decode_parts(&fields.iter().collect::<Vec<_>>(), bytes)?,
        };
        let fits = match (self, &value) {
            (Self::ByteList(limit), _) => bytes.len() <= *limit,
            (Self::BitList(limit), Value::Bits(bits)) => bits.len() <= *limit,
            _ => self.fixed_size().is_none_or(|size| size == bytes.len()),
        };
        // There is one encoding of each value.
        if fits && self.encode(&value) == bytes { Ok(value) } else { Err(Malformed) }
    }

    /// Tells the hash-tree root of a value.
    #[must_use]
    pub fn root(&self, value: &Value) -> [u8; 32] {
        match (self, value) {
            (Self::ByteList(limit), Value::Bytes(bytes)) => {
                with_length(tree(&leaves(bytes), limit.div_ceil(32)), bytes.len())
            }
            (Self::BitList(limit), Value::Bits(bits)) => {
                with_length(tree(&leaves(&packed(bits)), limit.div_ceil(256)), bits.len())
            }
            (Self::List(element, limit), Value::Parts(parts)) => {
                let roots: Vec<_> = parts.iter().map(|part| element.root(part)).collect();
                with_length(tree(&roots, *limit), parts.len())
            }
            (Self::Container(fields), Value::Parts(parts)) => {
                let roots: Vec<_> = fields.iter().zip(parts).map(|(field, part)| field.root(part)).collect();
                tree(&roots, fields.len())
            }
            _ => {
                let bytes = self.encode(value);
                tree(&leaves(&bytes), bytes.len().div_ceil(32))
            }
        }
    }
}

/// Writes fixed parts and offsets, then what the offsets lead to.
fn encode_parts<'a>(parts: impl Iterator<Item = (&'a Type, &'a Value)>) -> Vec<u8> {
    let parts: Vec<_> =
        parts.map(|(kind, value)| (kind.fixed_size().is_some(), kind.encode(value))).collect();
    let heads = parts.iter().map(|(fixed, bytes)| if *fixed { bytes.len() } else { OFFSET });
    let mut next = heads.sum::<usize>();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    for (fixed, bytes) in parts {
        if fixed {
            head.extend(bytes);
        } else {
            head.extend((next as u32).to_le_bytes());
            next += bytes.len();
            tail.extend(bytes);
        }
    }
    [head, tail].concat()
}

/// Reads parts wherever fixed sizes and offsets put them.
fn decode_parts(types: &[&Type], bytes: &[u8]) -> Result<Value, Malformed> {
    let (mut at, mut places) = (0, Vec::new());
    for kind in types {
        match kind.fixed_size() {
            Some(size) => {
                places.push((at, Some(at + size)));
                at += size;
            }
            None => {
                places.push((offset(bytes, at)?, None));
                at += OFFSET;
            }
        }
    }
    let mut parts = Vec::new();
    for (index, (kind, (begin, end))) in types.iter().zip(&places).enumerate() {
        let next = places[index + 1..].iter().find(|place| place.1.is_none());
        let end = end.or(next.map(|place| place.0)).unwrap_or(bytes.len());
        parts.push(kind.decode(bytes.get(*begin..end).ok_or(Malformed)?)?);
    }
    Ok(Value::Parts(parts))
}

fn offset(bytes: &[u8], at: usize) -> Result<usize, Malformed> {
    let bytes = bytes.get(at..at + OFFSET).ok_or(Malformed)?;
    Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
}

/// Packs bits into bytes, the first into the lowest place.
fn packed(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    bits.chunks(8).map(byte).collect()
}

/// Cuts bytes into leaves, the last one filled with zeros.
fn leaves(bytes: &[u8]) -> Vec<[u8; 32]> {
    let leaf = |part: &[u8]| {
        let mut leaf = [0; 32];
        leaf[..part.len()].copy_from_slice(part);
        leaf
    };
    bytes.chunks(32).map(leaf).collect()
}

/// Hashes leaves pairwise to one root, as if there were so many, and that number a power of two; the others are zero.
fn tree(leaves: &[[u8; 32]], count: usize) -> [u8; 32] {
    let (mut level, mut width, mut zero) = (leaves.to_vec(), count.next_power_of_two(), [0; 32]);
    while width > 1 {
        if level.len() % 2 == 1 {
            level.push(zero);
        }
        level = level.chunks(2).map(|pair| hash(&pair.concat())).collect();
        zero = hash(&[zero, zero].concat());
        width /= 2;
    }
    level.first().copied().unwrap_or(zero)
}

/// Binds the length of a list to its root.
fn with_length(root: [u8; 32], length: usize) -> [u8; 32] {
    let mut leaf = [0; 32];
    leaf[..8].copy_from_slice(&(length as u64).to_le_bytes());
    hash(&[root, leaf].concat())
}
