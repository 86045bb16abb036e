//! What a ward gives to others: certificates in WHO's shape, and the journal as JSON.

use serde_json::{Value, json};

use crate::support::ward::WardDevice;

fn death(surname: &str, document: Value, cause: Value) -> Value {
    let day = (chrono::Utc::now() - chrono::Duration::days(1))
        .format("%Y-%m-%d")
        .to_string();
    json!({
        "death": {
            "date": day, "time": "04:20", "place": "facility", "district": "TJ-KT-01", "manner": "disease",
            "certificate": "final"
        },
        "deceased": {
            "surname": surname, "given": "Саидмурод", "sex": "male", "born": "1957-10-03", "document": document,
            "district": "TJ-KT-07", "education": "secondary"
        },
        "cause": cause, "informant": "писар", "office": "TJ-KT-01", "paper_certificate": {"not": "knowable"}
    })
}

fn exported(ward: &WardDevice, format: &str) -> Vec<Value> {
    ward.must(&["export", "--format", format])
}

#[test]
fn a_certificate_for_who_says_where_it_stands_and_an_annulled_one_is_none() {
    let ward = WardDevice::new();
    let words = json!({"lang": "ru", "a": {"text": "Инфаркт миокарда", "interval": "PT6H"}});
    let mut aged = death("Назаров", json!({"not": "knowable"}), words);
    aged["deceased"]["born"] = json!({"not": "knowable"});
    aged["deceased"]["age_from"] = json!(50);
    aged["deceased"]["age_to"] = json!(60);
    let kept = ward.sign_answered(&["record", "death"], &aged, "firuz");
    let other = json!({"lang": "ru", "a": {"text": "велосипед", "interval": "PT6H"}});
    let gone = death("Шарифов", json!("А 1234567"), other);
    let gone = ward.sign_answered(&["record", "death"], &gone, "firuz");

    let found = exported(&ward, "who");
    assert_eq!(found.len(), 2);
    let of = |nid: &Value| found.iter().find(|c| c["CertificateKey"] == *nid).unwrap();
    let first = of(&kept["nid"]);
    assert_eq!(first["AdministrativeData"]["EstimatedAge"], "P55Y", "{first}");
    assert_eq!(
        (&first["Ogoh"]["AgeFrom"], &first["Ogoh"]["AgeTo"]),
        (&json!(50), &json!(60))
    );
    assert_eq!(first["Ogoh"]["Standing"], "signed");
    assert_eq!(first["Ogoh"]["Codes"][0]["Coding"], "matched");
    assert_eq!(
        first["Ogoh"]["Codes"][0]["Code"],
        first["Part1"][0]["Conditions"][0]["Code"]
    );
    assert_eq!(first["Ogoh"]["Matcher"], ogoh::icd::MATCHER_VERSION);
    assert_eq!(of(&gone["nid"])["Ogoh"]["Codes"][0]["Coding"], "uncoded");

    // Annulled, and nothing of it sent or confirmed.
    let nid = gone["nid"].as_str().unwrap();
    let pass = ward.pass("firuz");
    ward.must(&[
        "void",
        nid,
        "--reason",
        "wrong-person",
        "--sign-as",
        "firuz",
        "--passphrase-file",
        &pass,
    ]);
    let left = exported(&ward, "who");
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["CertificateKey"], kept["nid"]);

    // The journal holds everything, and says of each entry where it stands.
    let journal = exported(&ward, "json");
    let told: Vec<(&str, &Value, &Value)> = journal
        .iter()
        .map(|e| {
            (
                e["t"].as_str().unwrap(),
                &e["standing"],
                &e["notification_standing"],
            )
        })
        .collect();
    let (signed, pending, none) = (json!("signed"), json!("annulment-pending"), Value::Null);
    assert_eq!(
        told,
        [
            ("open", &signed, &none),
            ("death", &signed, &signed),
            ("death", &signed, &pending),
            ("void", &signed, &pending),
        ]
    );
    assert_eq!(journal[1]["causes"][0]["Coding"], "matched");
    assert_eq!(
        journal[2]["causes"],
        json!([{"Line": "a", "Code": "", "Coding": "uncoded"}])
    );
    assert_eq!(journal[2]["matcher"], ogoh::icd::MATCHER_VERSION);
}
