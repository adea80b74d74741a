//! Calls about what a server asks in the middle of a call.

use super::{
    App,
    contract::{AnswerQuestion, AppError, ErrorCode, QuestionRef},
};
use crate::{
    base::{QuestionId, ServerId},
    connect::AnswerError,
};

impl App {
    pub(super) fn answer_question(&self, answer: AnswerQuestion) -> Result<(), AppError> {
        let (server, question) = named(&answer.question)?;
        let taken = self.0.connections.answer(server, question, answer.answer);
        taken.map_err(|error| refusal(error, server))
    }

    pub(super) fn decline_question(&self, question: &QuestionRef) -> Result<(), AppError> {
        let (server, question) = named(question)?;
        let taken = self.0.connections.decline_question(server, question);
        taken.map_err(|error| refusal(error, server))
    }

    pub(super) fn cancel_question(&self, question: &QuestionRef) -> Result<(), AppError> {
        let (server, question) = named(question)?;
        let taken = self.0.connections.cancel_question(server, question);
        taken.map_err(|error| refusal(error, server))
    }
}

fn named(question: &QuestionRef) -> Result<(ServerId, QuestionId), AppError> {
    let gone = || AppError::new(ErrorCode::QuestionGone);
    let server = question.server.parse().map_err(|_| gone())?;
    let question = question.question.parse().map_err(|_| gone())?;
    Ok((server, question))
}

fn refusal(error: AnswerError, server: ServerId) -> AppError {
    match error {
        AnswerError::Gone => AppError::new(ErrorCode::QuestionGone),
        AnswerError::Unfit { field } => AppError::new(ErrorCode::AnswerUnfit).with("field", field),
    }
    .about(server)
}
