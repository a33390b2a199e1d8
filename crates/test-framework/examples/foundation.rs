//! The framework in a program: one phase, and what was counted.
#![allow(clippy::print_stdout, missing_docs, reason = "an example shows what happens")]

use alys_test_framework::*;

#[tokio::main]
pub async fn main() -> Result<()> {
    let config = TestConfig::development();
    let framework = MigrationTestFramework::new(config)?;
    let result = framework.run_phase_validation(MigrationPhase::Foundation).await;
    println!("Foundation validation: {}", result.success);
    let metrics = framework.collect_metrics().await;
    println!("Tests run: {}", metrics.total_tests);
    framework.shutdown().await?;
    Ok(())
}
