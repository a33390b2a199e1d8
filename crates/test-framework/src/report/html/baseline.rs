//! The figures beside those of the stored baseline.

use maud::{Markup, html};

use super::{super::Report, show};
use crate::baseline::Compared;

/// What the baseline says of a value of a test.
pub(super) fn of(report: &Report, test: &str, value: &str) -> Option<f64> {
    let name = format!("{test}: {value}");
    report.compared.iter().find(|compared| compared.figure == name).map(|compared| compared.baseline)
}

/// All that were compared, the worst first; `None` where none was.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let mut compared: Vec<_> = report.compared.iter().collect();
    compared.sort_by(|one, other| other.worse_percent.total_cmp(&one.worse_percent));
    let limit = report.config.performance.regression_percent_max;
    (!compared.is_empty()).then(|| html! {
        p.soft { "Figures that are more than " (show::number(limit)) " % worse than the stored baseline are regressions." }
        div.scroll tabindex="0" role="group" aria-label="Figures beside the baseline" {
            table.figures {
                thead { tr { th { "figure" } th { "baseline" } th { "measured" } th { "change" } } }
                tbody { @for compared in compared { (row(compared, limit)) } }
            }
        }
    })
}

fn row(compared: &Compared, limit: f64) -> Markup {
    let Compared { figure, baseline, measured, worse_percent } = compared;
    let class = if *worse_percent > limit {
        "bad"
    } else if *worse_percent < -limit {
        "good"
    } else {
        ""
    };
    let word = if *worse_percent > 0.0 { "worse" } else { "better" };
    html! {
        tr {
            td.words { (figure) }
            td { (show::number(*baseline)) }
            td { (show::number(*measured)) }
            td class=(class) { (show::number(worse_percent.abs())) " % " (word) }
        }
    }
}
