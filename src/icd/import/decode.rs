//! Bytes of a list as text, whatever program wrote them.

/// The upper half of Windows-1251, from 0x80 on, in which older Russian lists are written.
const CYRILLIC: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї";

/// The text: UTF-16 or UTF-8 by its mark or its look, otherwise Windows-1251.
pub(super) fn text(bytes: &[u8]) -> String {
    let wide = |from: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| {
                from([
                    pair.first().copied().unwrap_or(0),
                    pair.get(1).copied().unwrap_or(0),
                ])
            })
            .collect();
        String::from_utf16_lossy(&units)
    };
    // A letter or sign of ASCII has a zero beside it in UTF-16.
    let zeros = |odd: usize| {
        let count = bytes
            .iter()
            .take(200)
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count();
        bytes.len() >= 8 && count * 8 > bytes.len().min(200)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => wide(u16::from_be_bytes, rest),
        _ if zeros(1) => wide(u16::from_le_bytes, bytes),
        _ if zeros(0) => wide(u16::from_be_bytes, bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => bytes.iter().map(|b| windows_1251(*b)).collect(),
        },
    }
}

fn windows_1251(byte: u8) -> char {
    match byte {
        0..=0x7f => char::from(byte),
        0x80..=0xbf => CYRILLIC
            .chars()
            .nth(usize::from(byte - 0x80))
            .unwrap_or('\u{fffd}'),
        0xc0..=0xff => char::from_u32(0x410 + u32::from(byte - 0xc0)).unwrap_or('\u{fffd}'),
    }
}
