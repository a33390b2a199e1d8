//! Raw snappy blocks (`format_description.txt` of Google's snappy).

/// Expands the elements of a block, which follow its length, if they make exactly `size` bytes.
#[must_use]
pub fn expand(elements: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut source = elements.iter().copied();
    let mut made: Vec<u8> = Vec::new();
    while let Some(tag) = source.next() {
        let upper = usize::from(tag >> 2);
        let (length, offset) = match tag & 3 {
            0 if upper < 60 => (upper + 1, None),
            0 => (number(&mut source, upper - 59)?.checked_add(1)?, None),
            1 => (4 + upper % 8, Some(256 * (upper / 8) + number(&mut source, 1)?)),
            2 => (1 + upper, Some(number(&mut source, 2)?)),
            _ => (1 + upper, Some(number(&mut source, 4)?)),
        };
        if length > size - made.len() {
            return None;
        }
        for _ in 0..length {
            let byte = match offset {
                None => source.next()?,
                Some(0) => return None,
                Some(back) => *made.get(made.len().checked_sub(back)?)?,
            };
            made.push(byte);
        }
    }
    (made.len() == size).then_some(made)
}

/// Reads a number of so many bytes, least first.
fn number(source: &mut impl Iterator<Item = u8>, bytes: usize) -> Option<usize> {
    let mut number = 0;
    for place in 0..bytes {
        number += usize::from(source.next()?) << (8 * place);
    }
    Some(number)
}

/// Writes a block that holds its bytes as they are.
#[must_use]
pub fn literal(bytes: &[u8]) -> Vec<u8> {
    let mut block = super::varint::encode(bytes.len() as u64);
    for part in bytes.chunks(60) {
        block.push((part.len() as u8 - 1) << 2);
        block.extend(part);
    }
    block
}
