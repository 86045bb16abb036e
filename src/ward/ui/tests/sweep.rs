//! Every screen at every size.

use super::*;

fn draw_all(wanted: impl Fn(u16, u16) -> bool + Sync) {
    let screens = every_screen(Lang::Tg);
    let wanted = &wanted;
    std::thread::scope(|scope| {
        for part in screens.chunks(screens.len().div_ceil(4)) {
            scope.spawn(move || {
                for (_, model) in part {
                    for (columns, rows) in (0..=130).flat_map(|c| (0..=45).map(move |r| (c, r))) {
                        if wanted(columns, rows) {
                            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
                            terminal.draw(|frame| view(model, frame)).unwrap();
                        }
                    }
                }
            });
        }
    });
}

#[test]
fn every_screen_draws_at_every_small_size_and_a_mesh_of_large_ones() {
    draw_all(|columns, rows| columns < 24 || rows < 8 || (columns % 11 == 0 && rows % 5 == 0));
}

#[test]
#[ignore = "a minute; the same at each of the 6,026 sizes up to 130 by 45"]
fn every_screen_draws_at_every_size() {
    draw_all(|_, _| true);
}
