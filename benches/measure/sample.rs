//! A ward with notifications that are as unlike each other as real ones.

use std::path::Path;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use ogoh::env::{
    Clock as _, ClockTrust, Facility, Paths, PortalAt, Role, Settings, SystemClock, write_private,
};
use ogoh::form::body::{Unknown, from_json};
use ogoh::lang::Lang;
use ogoh::rules::Severity;
use ogoh::seal::{KeyFile, SecretKey};
use ogoh::vital::{Answer, Event, Kind};
use ogoh::ward::store::{Person, Signer, Site, Statement, Store};
use serde_json::json;

const SURNAMES: [&str; 24] = [
    "Раҳимова",
    "Каримова",
    "Назарова",
    "Шарипова",
    "Ҳақназарова",
    "Ӯлмасова",
    "Қодирова",
    "Ғафурова",
    "Ҷӯраева",
    "Сафарова",
    "Мирзоева",
    "Холова",
    "Давлатова",
    "Исмоилова",
    "Бобоева",
    "Тоирова",
    "Одинаева",
    "Гулова",
    "Абдуллоева",
    "Юсуфӣ",
    "Зокирӣ",
    "Пирзода",
    "Амонзода",
    "Ёрмуҳаммадова",
];
const MOTHERS: [&str; 20] = [
    "Зарина",
    "Мадина",
    "Нигина",
    "Фарзона",
    "Шаҳноза",
    "Гулчеҳра",
    "Моҳира",
    "Парвина",
    "Сайёра",
    "Ситора",
    "Дилафрӯз",
    "Ҳусния",
    "Ойдина",
    "Рухшона",
    "Тахмина",
    "Умеда",
    "Лола",
    "Баҳор",
    "Анҷела",
    "Ганҷина",
];
const FATHERS: [&str; 16] = [
    "Рустам",
    "Фирдавс",
    "Ҷамшед",
    "Далер",
    "Сӯҳроб",
    "Баҳром",
    "Шодӣ",
    "Қурбон",
    "Ғулом",
    "Ҳасан",
    "Ҳусейн",
    "Умед",
    "Илҳом",
    "Парвиз",
    "Муҳаммад",
    "Абдулло",
];
const STREETS: [&str; 8] = [
    "кӯчаи Рӯдакӣ",
    "кӯчаи Айнӣ",
    "деҳаи Чорбоғ",
    "деҳаи Сангтӯда",
    "хиёбони Исмоили Сомонӣ",
    "деҳаи Навобод",
    "кӯчаи Борбад",
    "маҳаллаи 12",
];

/// Numbers that look random and are the same in every run (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// A live birth, filled in as a good ward fills it in, on the day or long after.
pub fn birth(dice: &mut Dice, day: NaiveDate, late: bool) -> Event {
    let weeks = 37 + dice.below(5);
    let surname = dice.pick(&SURNAMES);
    let mother_born = day - Days::new(6_700 + dice.below(22 * 365));
    let father = dice.pick(&FATHERS);
    let mut body = json!({
        "birth": {
            "date": day.to_string(),
            "time": format!("{:02}:{:02}", dice.below(12), dice.below(60)),
            "weight": 2_600 + dice.below(1_600), "length": 470 + dice.below(80), "weeks": weeks,
            "plurality": 1, "place": "facility", "district": "TJ-DU-02",
            "attendant": dice.pick(&["doctor", "midwife"]),
            "apgar_1": 7 + dice.below(3), "apgar_5": 8 + dice.below(3),
        },
        "child": {"sex": dice.pick(&["male", "female"]), "surname": surname, "given": {"not": "yet"}},
        "mother": {
            "surname": surname, "given": dice.pick(&MOTHERS), "patronymic": dice.pick(&FATHERS),
            "born": mother_born.to_string(), "district": "TJ-DU-02",
            "address": format!("{} {}", dice.pick(&STREETS), 1 + dice.below(250)),
            "document": format!("A{:08}", dice.below(100_000_000)),
            "phone": format!("+99290{:07}", dice.below(10_000_000)),
            "marriage": "registered", "education": dice.pick(&["higher", "secondary", "basic"]),
            "marriage_act": format!("{:06}", dice.below(1_000_000)), "live_births_before": dice.below(4),
        },
        "father": {"surname": surname.trim_end_matches('а'), "given": father},
        "office": "TJ-DU-02",
    });
    if late {
        body["late_reason"] = json!("аз дафтари коғазӣ");
    }
    from_json(Kind::Birth, &body, Unknown::Refuse).unwrap()
}

/// A ward's data folder with a doctor and a device.
pub struct Ward {
    pub paths: Paths,
    pub settings: Settings,
    pub device: SecretKey,
    pub doctor: SecretKey,
}

/// Login of the doctor.
pub const DOCTOR: &str = "davlatova";
/// The doctor's name.
pub const NAME: &str = "Давлатова Нигина";
/// What opens the doctor's key.
pub const PASSPHRASE: &str = "kabutar 42";

/// Who records: a maternity hospital.
pub fn facility() -> Facility {
    Facility {
        code: "TJ-DU-02-H01".to_owned(),
        name: "Таваллудхонаи №2".to_owned(),
        district: "TJ-DU-02".to_owned(),
        office: "TJ-DU-02".to_owned(),
    }
}

/// The system's time.
pub fn now() -> DateTime<FixedOffset> {
    SystemClock {
        utc_offset_minutes: 300,
    }
    .now()
}

impl Ward {
    /// Sets a ward up in an empty folder; no registry knows of it.
    pub fn new(folder: &Path) -> Ward {
        let root = SecretKey::from_seed(&[7; 32]);
        let portal = PortalAt {
            url: "http://127.0.0.1:1".to_owned(),
            root_key: root.public().x(),
            ca_file: None,
            ..PortalAt::default()
        };
        let ward = Ward {
            paths: Paths::new(folder),
            settings: Settings {
                lang: Lang::En,
                ..Settings::new(facility(), portal)
            },
            device: SecretKey::from_seed(&[1; 32]),
            doctor: SecretKey::from_seed(&[2; 32]),
        };
        ward.settings.save(&ward.paths.settings()).unwrap();
        write_private(&ward.paths.device_key(), ward.device.to_text().as_bytes()).unwrap();
        let public = ward.doctor.public();
        let kdf = &ward.settings.kdf;
        let key = KeyFile::lock(
            &ward.doctor,
            DOCTOR,
            &ward.settings.facility.code,
            PASSPHRASE,
            kdf,
        )
        .unwrap();
        let person = Person {
            login: DOCTOR.to_owned(),
            name: NAME.to_owned(),
            role: Role::Doctor,
            kid: public.kid().to_owned(),
            x: public.x(),
            key_blob: key.to_text().unwrap(),
            since: now(),
            suspended: None,
        };
        ward.store().add_person(&person).unwrap();
        ward
    }

    /// Its database.
    pub fn store(&self) -> Store {
        Store::open_at(&self.paths).unwrap()
    }

    /// Who signs.
    pub fn signer(&self) -> Signer<'_> {
        Signer {
            login: DOCTOR,
            role: Role::Doctor,
            key: &self.doctor,
        }
    }

    /// Where and when.
    pub fn site(&self) -> Site<'_> {
        Site {
            settings: &self.settings,
            device: &self.device,
            now: now(),
            clk: ClockTrust::Synced,
        }
    }

    /// A birth of some days ago that the rules let pass: its warnings are answered.
    pub fn passable(&self, store: &Store, dice: &mut Dice, days_ago: u64) -> Statement {
        let day = now().date_naive() - Days::new(days_ago);
        let mut event = birth(
            dice,
            day,
            days_ago >= u64::from(self.settings.limits.late_reason_days),
        );
        for finding in store
            .findings(&event, None, None, Some(Role::Doctor), &self.site())
            .unwrap()
        {
            // C05 only counts the warnings that nobody has answered.
            assert!(
                finding.severity != Severity::E || finding.rule == "C05",
                "the sample is wrong: {}",
                finding.rule
            );
            if finding.severity == Severity::W {
                event.checked.insert(finding.rule.to_owned(), Answer::Verified);
            }
        }
        Statement::Event(event)
    }

    /// Fills the store with births of the last year, or of ten years where they are many: a large
    /// hospital has some 28 a day. Many in one transaction.
    pub fn fill(&self, store: &mut Store, dice: &mut Dice, count: usize) {
        const CHUNK: usize = 200;
        let days = if count > 10_000 { 3_600 } else { 360 };
        for chunk in 0..count.div_ceil(CHUNK) {
            let size = CHUNK.min(count - chunk * CHUNK);
            let all: Vec<_> = (0..size)
                .map(|_| {
                    let day = 1 + dice.below(days);
                    self.passable(store, dice, day).into()
                })
                .collect();
            assert_eq!(
                store.record_all(all, &self.signer(), &self.site()).unwrap().len(),
                size
            );
        }
    }
}
