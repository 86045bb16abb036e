//! Identifiers of the rules, by which findings, answers, settings and receipts name them. FROZEN: signed
//! bodies hold them.
//!
//! `M` stands for the ministry's rules over counts, which `figures` asks.

/// Declares a constant for each identifier, equal to its name.
macro_rules! ids {
    ($($id:ident)*) => { $(
        #[doc = concat!("Rule `", stringify!($id), "`; its words stand in the catalogue under that name.")]
        pub const $id: &str = stringify!($id);
    )* };
}

ids! {
    B01 B02 B03 B04 B05 B06 B07 B08 B09 B10 B11 B12 B13 B14 B15 B16 B17 B18 B19 B20 B21 B22 B23 B24 B25 B26 B27 B28 B29 B30 B31 B32 B33 B34 B35 B36
    C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16
    D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11 D12 D13 D14 D15 D16 D17 D18 D19 D20 D21 D22 D23 D24 D25 D26 D27 D28 D29 D30 D31 D32 D33 D34 D35 D36 D37 D38 D39 D40 D41 D42 D43 D44 D45 D46 D47 D48 D49 D55 D56
    M01 M02 M03 M04 M05 M06 M07
    S01 S02 S03 S04 S05 S06 S07 S08
}
