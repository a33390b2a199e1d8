//! The example program: it does what it claims, and the README shows it as it is.

#[path = "../examples/panicking.rs"]
mod panicking;

mod properties {
    use super::panicking::{actors, main};

    /// SV-7: a message behind a panic is answered by the next incarnation, through the same address; under
    /// `actix::Supervisor` both are lost.
    #[test]
    fn the_example_shows_who_keeps_address_and_queue() {
        let system = actix_rt::System::new();
        assert_eq!(system.block_on(actors::under_actix()), [None, None]);
        assert_eq!(system.block_on(actors::under_alys()), [Some(25), Some(20)]);
        main();
    }

    #[test]
    fn the_readme_shows_the_example() {
        let readme = include_str!("../../../README.md");
        let example = include_str!("../examples/panicking.rs");
        assert!(readme.contains(example), "the README shows another program than examples/panicking.rs");
    }
}
