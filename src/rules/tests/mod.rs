//! Each rule fires and keeps still.

use super::*;
