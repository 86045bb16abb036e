//! Names of causes, found by their words in any order.

use std::collections::HashMap;

use super::Cause;
use super::patterns::category;
use super::tokens::{Token, stem, tokens};
use crate::lang::Lang;

/// Words of a name in one order, each once.
fn key(tokens: &[Token]) -> Vec<String> {
    let mut key: Vec<String> = tokens.iter().map(|t| stem(&t.text)).collect();
    key.sort_unstable();
    key.dedup();
    key
}

/// Names, and the code that each is the name of where it is the name of one category.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<Vec<String>, Option<String>>);

impl Names {
    /// The names of these causes.
    pub(super) fn of<'a>(causes: impl Iterator<Item = &'a Cause>) -> Names {
        let mut names = Names::default();
        for cause in causes {
            for name in Lang::ALL.map(|l| cause.name(l)) {
                names.add(name, &cause.code);
                // What stands in brackets explains the name before it.
                if let Some((before, _)) = name.strip_suffix(')').and_then(|n| n.split_once('(')) {
                    names.add(before, &cause.code);
                }
            }
        }
        names
    }

    fn add(&mut self, name: &str, code: &str) {
        let key = key(&tokens(name));
        if key.is_empty() {
            return;
        }
        let known = self.0.entry(key).or_insert_with(|| Some(code.to_owned()));
        if known.as_deref().is_some_and(|k| category(k) != category(code)) {
            *known = None;
        }
    }

    /// The code that these words name.
    pub(super) fn get(&self, tokens: &[Token]) -> Option<&str> {
        self.0.get(&key(tokens))?.as_deref()
    }
}
