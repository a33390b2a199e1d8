//! Configuration from a file and from the environment.

use std::path::Path;

use figment::{
    Figment, Provider,
    providers::{Env, Format, Serialized, Toml},
};

use super::{ConfigError, TestConfig};

/// The variables of the environment that override fields, with those fields.
pub const VARIABLES: [(&str, &str); 6] = [
    ("TEST_PARALLEL", "parallel_tests"),
    ("TEST_CHAOS_ENABLED", "chaos_enabled"),
    ("TEST_PERFORMANCE_TRACKING", "performance_tracking"),
    ("TEST_COVERAGE_ENABLED", "coverage_enabled"),
    ("TEST_DOCKER_COMPOSE_FILE", "docker_compose_file"),
    ("TEST_DATA_DIR", "test_data_dir"),
];

impl TestConfig {
    /// Takes a preset, what a TOML file changes of it, and what the environment changes of that, and validates it.
    ///
    /// # Errors
    ///
    /// * [`ConfigError::Unreadable`] when the file cannot be read;
    /// * [`ConfigError::Field`] when file or environment have an unknown key, or a value of the wrong type;
    /// * [`ConfigError::OutOfRange`] when a value is not allowed.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_test_framework::TestConfig;
    ///
    /// let config = TestConfig::load(TestConfig::development(), None).unwrap();
    /// assert_eq!(config.seed, 2026);
    /// ```
    pub fn load(preset: Self, file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut sources = Figment::from(Serialized::defaults(preset));
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
            sources = sources.merge(Named { inner: Toml::string(&text), path });
        }
        let environment = Env::raw().filter_map(|key| {
            let field = VARIABLES.iter().find(|(variable, _)| key == *variable)?.1;
            Some(field.into())
        });
        let config: Self =
            sources.merge(environment).extract().map_err(|error| ConfigError::field(&error))?;
        config.validate()?;
        Ok(config)
    }

    /// Writes it as TOML, with every field.
    ///
    /// # Errors
    ///
    /// * [`ConfigError::Unwritable`] when a value has no form in TOML, such as a seed beyond 2^63 - 1.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        toml::to_string(self).map_err(|error| ConfigError::Unwritable(error.to_string()))
    }
}

/// A source that says which file it was, though its text was read before.
struct Named<'a, P> {
    inner: P,
    path: &'a Path,
}

impl<P: Provider> Provider for Named<'_, P> {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named(format!("`{}`", self.path.display()))
    }

    fn data(&self) -> figment::error::Result<figment::value::Map<figment::Profile, figment::value::Dict>> {
        self.inner.data()
    }
}
