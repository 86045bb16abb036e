//! Cases of a ward, each over the whole path: JSON in, rules, signature, a push to a real portal over
//! a real socket, the registrar's desk, the outcome back, and the month's counts.
//!
//! A case is a file in `ward-cases`: who works there, what is written, step by step, which rules
//! have to speak and which have to keep still, and what comes of it. The people are invented.

mod outcome;
mod stage;

use serde_json::Value;
use stage::Stage;

fn play(id: &str) {
    let path = format!("{}/tests/ward-cases/{id}.json", env!("CARGO_MANIFEST_DIR"));
    let case: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut stage = Stage::new(&case);
    for step in case["steps"].as_array().unwrap() {
        stage.step(step);
    }
    stage.outcome(&case["expect"]);
}

macro_rules! cases {
    ($($name:ident = $id:literal;)*) => {
        $(#[test] fn $name() { play($id); })*

        #[test]
        fn every_file_of_a_case_is_played() {
            let folder = format!("{}/tests/ward-cases", env!("CARGO_MANIFEST_DIR"));
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|f| f.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            files.sort();
            let mut played = vec![$($id.to_owned()),*];
            played.sort();
            assert_eq!(files, played);
        }
    };
}

cases! {
    b01_a_normal_birth_with_three_interruptions = "B01";
    b02_a_weight_of_33500_g_and_a_correction_the_next_day = "B02";
    b03_twins_of_a_mother_who_refuses_her_particulars = "B03";
    b04_triplets_of_three_outcomes = "B04";
    b05_a_birth_in_an_ambulance_and_a_revoked_key = "B05";
    b06_a_home_birth_of_a_mother_without_papers = "B06";
    b07_a_foundling = "B07";
    b08_a_foreign_mother_s_child_entered_by_two_wards = "B08";
    b09_a_mother_of_fifteen_forty_days_late = "B09";
    b10_a_very_large_child_that_is_true = "B10";
    b11_birth_and_death_in_one_act = "B11";
    f01_a_foetal_death_before_labour = "F01";
    f02_the_second_twin_stillborn_in_labour = "F02";
    d01_a_good_chain_of_which_only_the_year_of_birth_is_known = "D01";
    d02_a_gap_a_mode_of_dying_returned_and_accepted = "D02";
    d03_a_road_death_whose_manner_contradicts_the_code = "D03";
    d04_a_suicide_with_the_pregnancy_questions_left_empty = "D04";
    d05_a_homicide_preliminary_then_final = "D05";
    d06_a_maternal_death_first_marked_not_pregnant = "D06";
    d07_a_late_maternal_death_typed_male = "D07";
    d08_an_infant_with_cholera = "D08";
    d09_an_unknown_man = "D09";
    s01_the_wrong_person_notified_dead = "S01";
    s02_two_weeks_offline_under_a_clock_that_fell_back = "S02";
}
