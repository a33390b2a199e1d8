//! The house: every rule of the framework has a property here.

use alys_properties::{
    rules::{PropertyEntry, parse_properties, rules},
    sources,
};

fn properties() -> Vec<PropertyEntry> {
    sources::files("crates/test-framework/tests/properties", ".rs")
        .iter()
        .flat_map(parse_properties)
        .collect()
}

#[test]
fn every_rule_of_the_framework_has_a_property() {
    let (rules, properties) = (rules(), properties());
    let of_the_framework = rules.iter().filter(|rule| rule.family() == "FW");
    let bare: Vec<_> = of_the_framework
        .filter(|rule| !properties.iter().any(|property| property.rules.contains(&rule.id)))
        .map(|rule| &rule.id)
        .collect();
    assert!(bare.is_empty(), "rules that no property cites: {bare:?}");
    assert_eq!(alys_properties::rules::unknown_rules(&rules, &properties), []);
}
