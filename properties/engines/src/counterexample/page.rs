//! A counterexample as one self-contained page: nothing is loaded from elsewhere, and it reads without a script too.

use std::fmt::Write as _;

use super::{Concurrent, Counterexample, Step, diagram, drawing, text};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Makes text safe inside HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Counterexample {
    /// Returns the page: the steps with both sides, forward and back by the arrow keys, a message-sequence diagram, the
    /// schedule and history where there are any, the rule, and the command that replays it.
    #[must_use]
    pub fn page(&self) -> String {
        let rule = self.rule().unwrap_or("panic");
        let mut body = self.heading(rule);
        if !self.steps.is_empty() {
            body.push_str(&self.stepping());
        }
        if !diagram::participants(&self.steps).is_empty() {
            let _ = write!(body, "<h2>Who did what</h2>{}", drawing::of_steps(&self.steps, &self.suite));
        }
        if !self.schedule.is_empty() {
            let decisions: String =
                self.schedule.iter().map(|one| format!("<li>{}</li>", escaped(one))).collect();
            let _ = write!(body, "<h2>Schedule</h2><ol class=\"schedule\">{decisions}</ol>");
        }
        if let Some(history) = &self.concurrent {
            body.push_str(&linearization(history));
        }
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{rule} broken: {suite}</title><style>{STYLE}</style></head>\n\
             <body><main>{body}</main><script>{SCRIPT}</script></body></html>\n",
            suite = escaped(&self.suite),
        )
    }

    fn heading(&self, rule: &str) -> String {
        let sentence =
            self.sentence().map(|sentence| format!("<p class=\"rule\">{}</p>", escaped(&sentence)));
        let stored: String = self.stored.iter().map(|one| format!("<dd>{}</dd>", escaped(one))).collect();
        let stored = if stored.is_empty() { stored } else { format!("<dt>stored</dt>{stored}") };
        let from =
            self.initial_state.as_deref().map(|state| format!("<dt>from</dt><dd>{}</dd>", escaped(state)));
        format!(
            "<header><h1><span class=\"id\">{rule}</span> {message}</h1>{}<dl>\
             <dt>suite</dt><dd>{} ({}), {}</dd>{}<dt>replay</dt><dd><code>{}</code></dd>{stored}</dl></header>",
            sentence.unwrap_or_default(),
            escaped(&self.suite),
            escaped(&self.engine),
            escaped(&self.origin.to_string()),
            from.unwrap_or_default(),
            escaped(&self.replay),
            message = escaped(self.message.strip_prefix(&format!("{rule}: ")).unwrap_or(&self.message)),
        )
    }

    fn stepping(&self) -> String {
        let (mut list, mut panels) = (String::new(), String::new());
        let mut before = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            let class =
                if step.difference().is_some() || step.failure.is_some() { " class=\"broken\"" } else { "" };
            let _ = write!(
                list,
                "<tr{class} data-step=\"{number}\"><td>{number}</td><td>{}</td><td><code>{}</code></td>\
                 <td><code>{}</code></td></tr>",
                escaped(&step.by),
                escaped(&step.transition),
                escaped(diagram::answer(step).unwrap_or_default()),
            );
            panels.push_str(&panel(number, step, &mut before));
        }
        format!(
            "<h2>{} steps <small>← and → step, Home and End jump</small></h2><div class=\"steps\">\
             <div class=\"list\"><table><thead><tr><th>#</th><th>by</th><th>transition</th><th>real answer</th></tr>\
             </thead><tbody>{list}</tbody></table></div><div class=\"panels\">{panels}</div></div>",
            self.transitions().len(),
        )
    }
}

/// Both sides after one step; what changed since the step before is told from what did not.
fn panel(number: usize, step: &Step, before: &mut Vec<(String, String)>) -> String {
    let (mut rows, mut marked) = (String::new(), false);
    let all = text::rows(step);
    for row in &all {
        let changed = !before.contains(&(row.path.clone(), row.real.clone()));
        let class = match (row.differs(), marked, changed) {
            (true, false, _) => "first",
            (true, true, _) => "differs",
            (false, _, true) => "changed",
            (false, _, false) => "same",
        };
        marked |= row.differs();
        let _ = write!(
            rows,
            "<tr class=\"{class}\"><th>{}</th><td><code>{}</code></td><td><code>{}</code></td></tr>",
            escaped(&row.path),
            escaped(&row.model),
            escaped(&row.real),
        );
    }
    before.retain(|(path, _)| all.iter().all(|row| row.path != *path));
    before.extend(all.into_iter().map(|row| (row.path, row.real)));
    let failure = step.failure.as_ref().map(|text| format!("<p class=\"failure\">{}</p>", escaped(text)));
    format!(
        "<section data-panel=\"{number}\"><h3>{number}. <code>{}</code></h3>{}<table><thead><tr><th></th><th>model</th>\
         <th>real</th></tr></thead><tbody>{rows}</tbody></table></section>",
        escaped(&step.transition),
        failure.unwrap_or_default(),
    )
}

fn linearization(history: &Concurrent) -> String {
    let order: Vec<_> = history.longest.iter().map(ToString::to_string).collect();
    let refused: String = history.refused.iter().map(|one| format!("<li>{}</li>", escaped(one))).collect();
    format!(
        "<h2>History</h2>{}<h2>Attempted linearization</h2><p>The longest order that the model follows: \
         <code>{}</code>. Then none of these can come next:</p><ul class=\"refused\">{refused}</ul>",
        drawing::of_history(history),
        if order.is_empty() { "none".to_owned() } else { order.join(" → ") },
    )
}
