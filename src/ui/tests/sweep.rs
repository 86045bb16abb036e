//! Every screen at every size.

use super::*;

#[test]
fn every_screen_draws_at_every_size_without_panic() {
    let screens = every_screen(Lang::Tg);
    std::thread::scope(|scope| {
        for part in screens.chunks(screens.len().div_ceil(4)) {
            scope.spawn(move || {
                for (_, model) in part {
                    for columns in 0..=130 {
                        for rows in 0..=45 {
                            // Every small size, and a mesh of the large ones.
                            if columns < 24 || rows < 8 || (columns % 11 == 0 && rows % 5 == 0) {
                                let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
                                terminal.draw(|frame| view(model, frame)).unwrap();
                            }
                        }
                    }
                }
            });
        }
    });
}
